import type { Reach } from "../reach/reach.ts";

/** One request to a provider as it was sent, and its answer as it came. */
export interface Seen {
  readonly url: string;
  /** What was sent, as text. */
  readonly sent: string;
  status?: number;
  contentType?: string;
  /** When each piece of the answer came, in milliseconds since it was sent. */
  readonly pieces: number[];
  /** Bytes of the answer. */
  bytes: number;
  /** Broken off by our side before the answer was over. */
  aborted: boolean;
}

/** Wraps a reach and reports each request that is sent through it. Of an answer's body only the bytes are counted. */
export function observe(reach: Reach, onSeen: (seen: Seen) => void): Reach {
  return {
    async send(outgoing) {
      const began = performance.now();
      const { body } = outgoing;
      const sent = body === undefined ? "" : typeof body === "string" ? body : Buffer.from(body).toString("utf8");
      const seen: Seen = { url: outgoing.url, sent, pieces: [], bytes: 0, aborted: false };
      onSeen(seen);
      const reached = await reach.send(outgoing);
      if (reached.failure !== undefined) {
        seen.aborted = reached.failure.origin === "client";
        return reached;
      }
      seen.status = reached.status;
      const type = reached.headers["content-type"];
      if (type !== undefined) seen.contentType = type;
      const { body: answer } = reached;
      // Bytes are counted in `push`: a listener for data would start the stream before its reader is attached.
      const push = answer.push.bind(answer);
      answer.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
        if (chunk !== null) {
          seen.pieces.push(performance.now() - began);
          seen.bytes += chunk.length;
        }
        return push(chunk, encoding);
      };
      answer.once("close", () => {
        seen.aborted ||= !answer.readableEnded;
      });
      return reached;
    },
    close: () => reach.close(),
  };
}
