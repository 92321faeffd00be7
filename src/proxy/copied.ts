import { pipeline, Readable, Transform } from "node:stream";
import type { Headers } from "../model/wire.ts";
import { decoded } from "../reach/decoded.ts";
import { readBytes } from "./read-bytes.ts";

/** Bytes as the network brings them, and of what they unfold to: what goes wrong in a reply shows well before. */
const longestCopy = 1024 * 1024;

/** The same body. Once it is over, whoever ended it, its beginning is told as text. */
export function copied({ headers, body }: { readonly headers: Headers; readonly body: Readable }, tell: (text: string) => void): Readable {
  const chunks: Buffer[] = [];
  let size = 0;
  const passing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (size < longestCopy) chunks.push(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return pipeline(body, passing, () => {
    void readBytes(decoded({ headers, body: Readable.from(chunks) }), longestCopy).then(({ bytes, error }) =>
      tell(error instanceof Error ? error.message : bytes.toString("utf8")),
    );
  });
}
