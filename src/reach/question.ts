import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import type { Failure } from "../model/failure.ts";
import { BrokenBody } from "./broken-body.ts";
import { Aborted, ConnectTimeout, IdleTimeout } from "./errors.ts";
import { explainFrom } from "./explain.ts";
import type { Pending } from "./first-connection.ts";
import { flat } from "./flat.ts";
import { refusedBefore, refusedCloud } from "./outside.ts";
import { createPatience } from "./patience.ts";
import type { Outgoing, Reached, ReachOptions } from "./reach.ts";
import { openTcp, portOf } from "./tcp.ts";

/**
 * Sends a request of fcc's own over plain HTTP, on its own connection, with Node's client. Loading undici with its WebAssembly would take half as
 * long as starting Node, while the client waits. The caller limits how long the whole answer may take.
 */
export function sendQuestion(outgoing: Outgoing, { boundary = [], lookup }: Pick<ReachOptions, "boundary" | "lookup">): Promise<Reached> {
  const { provider, method, headers, body, signal } = outgoing;
  const url = new URL(outgoing.url);
  const toFailure = explainFrom({ provider, url });
  const refusal = refusedCloud(boundary, provider, url) ?? refusedBefore(boundary, url, undefined);
  if (refusal !== undefined) return Promise.resolve({ failure: toFailure(refusal, false) });
  if (signal?.aborted === true) return Promise.resolve({ failure: toFailure(new Aborted(), false) });

  return new Promise((resolve) => {
    let connecting: Pending | undefined;
    let sent: ClientRequest | undefined;
    let answer: IncomingMessage | undefined;
    const fail = (error: unknown) => {
      patience.end();
      connecting?.destroy();
      sent?.destroy();
      resolve({ failure: toFailure(error, false) });
    };
    const patience = createPatience(signal, (why) => (answer === undefined ? fail(why) : answer.destroy(why)));
    const { connect, firstByte } = provider.timeout;
    patience.wait(connect, () => new ConnectTimeout());
    try {
      sent = request({
        method,
        path: `${url.pathname}${url.search}`,
        // For the body of a DELETE Node sets no length by itself.
        headers: { ...headers, host: url.host, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) },
        maxHeaderSize: 64 * 1024,
        createConnection: (_options, done) => {
          connecting = openTcp(url.hostname, portOf(url), { boundary, lookup }, (error, socket) => {
            if (socket === undefined) return fail(error);
            patience.wait(firstByte, () => new IdleTimeout(firstByte));
            done(null, socket);
          });
          return undefined;
        },
      });
    } catch (error) {
      // A header that HTTP cannot carry.
      fail(error);
      return;
    }
    // What a server sends behind a whole answer takes nothing from it; one that is cut ends in an error of its own.
    sent.on("error", (error) => {
      if (answer === undefined) fail(error);
    });
    sent.on("response", (message) => {
      patience.rest();
      answer = message;
      const answered = bodyOf(message, (error) => toFailure(error, true));
      resolve({ status: message.statusCode ?? 0, headers: flat(message.headers), body: answered });
    });
    sent.on("close", () => {
      // A server that switches to another protocol gives no answer.
      if (answer === undefined) fail(new Error("closed"));
      else patience.end();
    });
    sent.end(body);
  });
}

/** The same bytes; what breaks them off is told as of any answer. */
function bodyOf(answer: IncomingMessage, toFailure: (error: unknown) => Failure): Readable {
  const body = new Readable({
    read: () => void answer.resume(),
    destroy(error, callback) {
      answer.destroy();
      callback(error);
    },
  });
  answer.on("data", (chunk: Buffer) => {
    if (!body.push(chunk)) answer.pause();
  });
  answer.on("end", () => body.push(null));
  answer.on("error", (error) => body.destroy(new BrokenBody(toFailure(error))));
  return body;
}
