import type { Readable } from "node:stream";

/** The first `most` bytes of a body as text, or as many as came. */
export async function readText(body: Readable, most: number): Promise<string> {
  return (await readBytes(body, most)).bytes.toString("utf8").replace(/^\ufeff/, "");
}

/** The first `most` bytes of a body, and the error that broke it off, if any. */
export function readBytes(body: Readable, most: number): Promise<{ readonly bytes: Buffer; readonly error?: unknown }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (error?: unknown) => {
      const bytes = Buffer.concat(chunks);
      resolve(error === undefined ? { bytes } : { bytes, error });
    };
    body.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(size > most ? chunk.subarray(0, Math.max(0, chunk.length - (size - most))) : chunk);
      if (size > most) {
        finish();
        body.destroy();
      }
    });
    body.on("end", () => finish());
    body.on("error", (error) => finish(error));
  });
}
