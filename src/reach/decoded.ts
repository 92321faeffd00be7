import { type Readable, Transform, type TransformCallback } from "node:stream";
import * as zlib from "node:zlib";
import type { Headers } from "../model/wire.ts";

/** The answer expands beyond all proportion, or is in an encoding that this Node cannot read. */
class UnreadableEncoding extends Error {}

/** What this Node can read, as `accept-encoding` names it. zstd came with Node 22.15. */
export const encodings: readonly string[] = ["gzip", "deflate", "br", ...("createZstdDecompress" in zlib ? ["zstd"] : [])];

/** Nobody compresses what is compressed; each name in a header would be a decoder with memory of its own. */
export const mostEncodings = 3;
/** An honest stream of events or JSON stays below this; only a bomb does not. */
const highestRatio = 250;
/** Bytes that are let through whatever their ratio. */
const unquestioned = 16 * 1024 * 1024;

/** The encodings that a body is in, in the order in which they were put on (RFC 9110 8.4). */
export function encodingsIn(headers: { readonly "content-encoding"?: string | undefined }): readonly string[] {
  return (headers["content-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim().replace(/^x-/, ""))
    .filter((name) => name !== "" && name !== "identity");
}

/**
 * The bytes of an answer without their content encoding, as they come: each network read is put out before the next. A stream that is cut
 * inside its encoding gives what it had.
 */
export function decoded(reached: { readonly headers: Headers; readonly body: Readable }): Readable {
  const named = encodingsIn(reached.headers);
  if (named.length === 0) return reached.body;
  // Before anything is undone: a decoder that was begun and is given up tells nobody what it makes of bytes that are there already.
  const unknown = named.length > mostEncodings ? named.at(-1) : named.findLast((name) => !encodings.includes(name));
  if (unknown !== undefined) {
    const error = new UnreadableEncoding(`the answer is encoded as "${unknown}", which cannot be read here`);
    reached.body.on("error", () => {}).destroy();
    const none = new Transform();
    none.destroy(error);
    return none;
  }
  let stream = reached.body;
  let taken = 0;
  stream.on("data", (chunk: Buffer) => {
    taken += chunk.length;
  });
  for (const name of named.toReversed()) {
    const step = decoder(name, "lenient");
    if (step !== undefined) stream = join(stream, step);
  }
  return join(
    stream,
    bounded(() => taken),
  );
}

/**
 * What undoes an encoding; undefined: this Node cannot. A lenient one puts out each read before the next, and what a stream that is cut
 * inside its encoding had; a strict one ends such a stream with an error.
 */
export function decoder(name: string, how: "lenient" | "strict"): Transform | undefined {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  const flushed = (flush: number) => (how === "lenient" ? { flush, finishFlush: flush } : {});
  if (name === "gzip") return zlib.createGunzip(flushed(Z_SYNC_FLUSH));
  if (name === "deflate") return zlib.createInflate(flushed(Z_SYNC_FLUSH));
  if (name === "br") return zlib.createBrotliDecompress(flushed(BROTLI_OPERATION_FLUSH));
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };
  return name === "zstd" ? createZstdDecompress?.() : undefined;
}

/** pipe() that passes errors down and destruction up. */
function join(from: Readable, to: Transform): Transform {
  from.on("error", (error) => to.destroy(error));
  to.on("close", () => {
    if (!from.destroyed) from.destroy();
  });
  from.pipe(to);
  return to;
}

function bounded(taken: () => number): Transform {
  let put = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback: TransformCallback) {
      put += chunk.length;
      if (put > unquestioned && put > taken() * highestRatio) {
        return callback(new UnreadableEncoding("the answer expands beyond all proportion"));
      }
      callback(null, chunk);
    },
  });
}
