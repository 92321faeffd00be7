import type { Reach } from "../../reach/reach.ts";

/** One request to a provider, and what its answer was like. */
export interface Seen {
  readonly url: string;
  contentType?: string;
  /** In how many pieces the answer came. */
  pieces: number;
}

/** Wraps a reach and reports each request that is sent through it. Of an answer's body only the pieces are counted. */
export function observe(reach: Reach, onSeen: (seen: Seen) => void): Reach {
  return {
    async send(outgoing) {
      const seen: Seen = { url: outgoing.url, pieces: 0 };
      onSeen(seen);
      const reached = await reach.send(outgoing);
      if (reached.failure !== undefined) return reached;
      const type = reached.headers["content-type"];
      if (type !== undefined) seen.contentType = type;
      const { body } = reached;
      // Pieces are counted in `push`: a listener for data would start the stream before its reader is attached.
      const push = body.push.bind(body);
      body.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
        if (chunk !== null) seen.pieces += 1;
        return push(chunk, encoding);
      };
      return reached;
    },
    close: () => reach.close(),
  };
}
