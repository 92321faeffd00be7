import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { decoder, encodings, encodingsIn, mostEncodings } from "../../reach/decoded.ts";
import { type Body, bodyOf } from "./body.ts";
import { type Refusal, refuse } from "./door.ts";

const largestBody = 64 * 1024 * 1024;

const tooLarge = { refusal: refuse(413, "too-large", "The request is larger than 64 MiB.") };

/** Reads the whole body of a request. Undefined: the client disconnected before it was complete. */
export async function readBody(request: IncomingMessage): Promise<Body | { readonly refusal: Refusal } | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > largestBody) return tooLarge;
  const named = encodingsIn(request.headers);
  // Strict: a request whose compressed body was cut must not be sent on, whereas of a cut answer the beginning is of use.
  const steps = named.length > mostEncodings ? [undefined] : named.toReversed().map((name) => decoder(name, "strict"));
  if (steps.includes(undefined)) {
    const message = `A body encoded as "${named.slice(0, mostEncodings + 1).join(", ")}" cannot be read here.`;
    return { refusal: refuse(415, "bad-request", message, { "accept-encoding": encodings.join(", ") }) };
  }
  const read = await collect(request, steps as Transform[]);
  if (read === "gone") return undefined;
  if (read === "too-large") return tooLarge;
  if (read === "broken")
    return { refusal: refuse(400, "bad-request", `The body is not what its content-encoding (${named.join(", ")}) says.`) };
  const body = bodyOf(read);
  return "failure" in body ? { refusal: { status: 400, failure: body.failure } } : body;
}

function collect(request: IncomingMessage, steps: readonly Transform[]): Promise<Buffer | "gone" | "too-large" | "broken"> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let over = false;
    const finish = (result: Buffer | "gone" | "too-large" | "broken") => {
      if (over) return;
      over = true;
      // The listeners stay with the request, for as long as its reply lasts.
      chunks = [];
      if (!Buffer.isBuffer(result)) {
        request.unpipe();
        for (const step of steps) step.destroy();
      }
      resolve(result);
    };
    request.on("error", () => finish("gone"));
    request.on("close", () => {
      if (!request.complete) finish("gone");
    });
    let source: NodeJS.ReadableStream = request;
    for (const step of steps) {
      step.on("error", () => finish("broken"));
      source = source.pipe(step);
    }
    source.on("data", (chunk: Buffer) => {
      if (over) return;
      size += chunk.length;
      // `Downstream.answer` reads and drops what the client still sends.
      if (size > largestBody) finish("too-large");
      else chunks.push(chunk);
    });
    source.on("end", () => finish(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  });
}
