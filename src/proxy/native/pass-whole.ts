import { Readable } from "node:stream";
import { parseJson } from "../../model/json.ts";
import { failureOf } from "../../reach/broken-body.ts";
import { decoded } from "../../reach/decoded.ts";
import { answerHeaders } from "../../route/headers.ts";
import { readFailure } from "../../wire/failure.ts";
import { mendCallsInReply } from "../../wire/messages/mend-reply.ts";
import type { Exchange, Result } from "../exchange.ts";
import { readBytes } from "../read-bytes.ts";
import { isErrorReply, isStream } from "../reply-form.ts";
import { nothingCame, type Succeeded } from "../upstream.ts";
import { usageOf } from "./taps.ts";

const largestReply = 64 * 1024 * 1024;

/**
 * Passes a provider's whole reply to the client as it is, compressed too, once it is complete: a part of it is of no use to the client, and
 * after a reply that was cut, or an error with status 200, another attempt may still be made.
 *
 * @param read reads the answer instead, where it is a stream under another name
 */
export async function passWhole(exchange: Exchange, answered: Succeeded, read: (answered: Succeeded) => Promise<Result>): Promise<Result> {
  const { session, downstream, report, wire } = exchange;
  const { headers, status } = answered;
  const { bytes, error } = await readBytes(answered.body, largestReply);
  if (error !== undefined) return { failure: failureOf(error) };
  if (bytes.length >= largestReply)
    return { failure: { kind: "cut-off", origin: "provider", message: `the reply has no end in ${bytes.length} bytes` } };
  if (bytes.length === 0) return { failure: nothingCame(answered) };

  const { bytes: plain } = await readBytes(decoded({ headers, body: Readable.from([bytes]) }), largestReply);
  if (isStream(plain)) return read({ ...answered, body: Readable.from([bytes]) });
  const text = plain.toString("utf8");
  const reply = parseJson(text.replace(/^\ufeff/, ""));
  if (isErrorReply(reply)) return { failure: readFailure({ status, headers, text }, Math.floor(session.options.clock() / 1000)) };
  report({ type: "first-token" });
  const mended = wire === "messages" ? mendCallsInReply(plain) : plain;
  // A keep-alive has sent status and headers, and the encoding with them.
  const isAsCame = mended === plain && !downstream.opened;
  const body = isAsCame ? bytes : mended;
  const changed = { "content-encoding": undefined, "content-length": String(body.length) };
  downstream.open(status, answerHeaders(isAsCame ? headers : { ...headers, ...changed }));
  downstream.write(body);
  downstream.end();
  return { done: true, usage: usageOf(wire, reply) };
}
