import { Readable } from "node:stream";
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decoded } from "../../src/reach/decoded.ts";

async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
const from = (bytes: Buffer, encoding: string | undefined, size = 7) => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return { headers: { "content-encoding": encoding }, body: Readable.from(pieces, { objectMode: false }) };
};
const text = Buffer.from("data: wörld\n\n".repeat(50));

describe("an answer without its encoding", () => {
  it.each([
    ["gzip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["br", brotliCompressSync(text)],
    ["gzip, br", brotliCompressSync(gzipSync(text))],
    ["identity", text],
    [undefined, text],
  ])("%s", async (encoding, bytes) => {
    expect((await read(decoded(from(bytes, encoding)))).equals(text)).toBe(true);
  });

  it("comes piece by piece as it was flushed", async () => {
    const gzip = createGzip();
    const out = decoded({ headers: { "content-encoding": "gzip" }, body: gzip });
    const seen: string[] = [];
    out.on("data", (chunk: Buffer) => seen.push(chunk.toString()));
    for (const piece of ["one", "two"]) {
      gzip.write(piece);
      await new Promise<void>((resolve) => gzip.flush(resolve));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(seen).toEqual(["one", "two"]);
    gzip.destroy();
  });

  it("that was cut gives what it had", async () => {
    const bytes = gzipSync(text);
    expect((await read(decoded(from(bytes.subarray(0, bytes.length - 10), "gzip")))).toString()).toContain("wörld");
  });

  it("in an encoding that nobody knows is an error", async () => {
    await expect(read(decoded(from(text, "lzma")))).rejects.toThrow('encoded as "lzma"');
  });

  it.each([["lzma, gzip"], ["gzip, lzma, deflate"], ["lzma, br, gzip"]])(
    "in one of several that nobody knows is that error alone: %s",
    async (encoding) => {
      const body = Readable.from([text], { objectMode: false });
      // The beginning is there already, as it is once somebody has looked whether the answer is a stream.
      body.unshift(text);
      await expect(read(decoded({ headers: { "content-encoding": encoding }, body }))).rejects.toThrow('encoded as "lzma"');
      // An error that nobody listens to would come later, and end the process.
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  );

  it("that is not what its header says is an error", async () => {
    await expect(read(decoded(from(text, "gzip")))).rejects.toThrow();
  });

  it("that expands beyond all proportion is an error", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    await expect(read(decoded(from(bomb, "gzip", 16_384)))).rejects.toThrow("beyond all proportion");
  });
});
