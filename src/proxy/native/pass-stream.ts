import { audienceOf } from "../../clients/audience.ts";
import type { Failure } from "../../model/failure.ts";
import { failureOf } from "../../reach/broken-body.ts";
import { decoded } from "../../reach/decoded.ts";
import { answerHeaders } from "../../route/headers.ts";
import type { ByteMend } from "../../wire/mend-events.ts";
import { mendReply } from "../../wire/messages/mend-reply.ts";
import { mendForCodex } from "../../wire/responses/mend-for-codex.ts";
import type { Exchange, Result } from "../exchange.ts";
import { isNoStream, isPlain, isUnnamed, isWaiting } from "../reply-form.ts";
import { grace, nothingCame, type Succeeded } from "../upstream.ts";
import { tapStream } from "./taps.ts";

/**
 * Passes a provider's stream to the client as it is, compressed too.
 *
 * @param read reads the answer instead, where its bytes are of no use as they are: it begins with an error, so that another attempt may
 *   still be made; it is no stream; or a keep-alive has begun a reply already
 */
export async function passStream(exchange: Exchange, answered: Succeeded, read: () => Promise<Result>): Promise<Result> {
  const { downstream, keepAlive, report } = exchange;
  // Headers and comments alone are no reply: until its first event another attempt may still be made, and a keep-alive may be due.
  const first = await firstBytes(answered);
  const { errored } = answered.body;
  if (errored) return { failure: failureOf(errored) };
  if (first === null) return { failure: nothingCame(answered) };
  // The keep-alive of a Responses client begins a reply, and the provider's own beginning would be a second one in the same stream.
  const isBegun = downstream.opened && exchange.wire === "responses";
  if (isBegun || isNoStream(answered.headers, first)) return read();
  keepAlive.end();
  report({ type: "first-token" });
  if (isPlain(answered.headers)) return pass(exchange, answered, mendFrom(first, exchange));
  // What a keep-alive has opened is decoded.
  return pass(exchange, answered, downstream.opened ? mendFrom(Buffer.alloc(0), exchange) : undefined);
}

/** None for lines that end in CR alone, which nobody is known to write: their events would wait for one another. */
function mendFrom(first: Buffer, { wire, headers }: Exchange): ByteMend | undefined {
  if (/\r[^\n]/.test(first.toString("latin1"))) return undefined;
  if (wire === "messages") return mendReply(isUnnamed(first));
  return wire === "responses" && audienceOf(headers) === "agent" ? mendForCodex() : undefined;
}

/** Waits until a body's first bytes say what it is, and leaves them in it. Null where it ends before, or breaks off. */
function firstBytes({ headers, body }: Succeeded): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const waited: Buffer[] = [];
    const look = () => {
      const before = waited.length;
      // From Node 26 on `read` gives one piece of those that have come, and none of the others is ever told as readable again.
      for (let more = body.read(); more !== null; more = body.read()) waited.push(more as Buffer);
      if (waited.length === before) return resolve(null);
      const first = Buffer.concat(waited);
      if (isWaiting(headers, first)) return void body.once("readable", look);
      body.off("end", look);
      body.unshift(first);
      resolve(first);
    };
    body.once("readable", look);
    // A body that is over already is never readable.
    body.once("end", look);
    body.on("error", () => resolve(null));
  });
}

/**
 * Milliseconds in which a Messages reply that has said why it stops has to end: Anthropic's API was seen to send pings from there on, and Claude
 * Code to wait for the rest until it gives the whole reply up (tombii/better-ccflare#307).
 */
const lastEventWait = 5000;

/** Writes all that comes for the client, with what is mended in it, while a tap reads it too. */
function pass({ downstream, wire }: Exchange, answered: Succeeded, mend?: ByteMend): Promise<Result> {
  // A keep-alive has sent status and headers, and the encoding with them.
  const isOpen = downstream.opened;
  const body = isOpen ? decoded(answered) : answered.body;
  const headers = isOpen ? { ...answered.headers, "content-encoding": undefined } : answered.headers;
  return new Promise((resolve) => {
    const finish = (failure?: Failure) => {
      const seen = tap.seen();
      resolve({ done: true, usage: seen.usage, failure: failure ?? seen.failure });
    };
    const end = () => {
      write(mend?.end());
      downstream.end();
      finish();
    };
    const breakOff = (failure: Failure) => {
      write(mend?.end("broken"));
      // The bytes are the provider's: an error of ours between them could end up inside a text.
      downstream.destroy();
      finish(failure);
    };
    // The client waits for the end of the stream, which some servers leave open.
    const endAfter = (wait: number) => {
      // What is compressed is read after it has passed.
      if (body.closed) return;
      const timer = setTimeout(() => {
        tap.end(end);
        body.destroy();
      }, wait);
      body.once("close", () => clearTimeout(timer));
    };
    const tap = tapStream(wire, headers, {
      // A chat server may say why it stops before it does.
      ...(wire === "messages" && { stopped: () => endAfter(lastEventWait) }),
      over: () => endAfter(grace),
    });
    const write = (bytes?: Buffer) => bytes === undefined || bytes.length === 0 || downstream.write(bytes);
    // What is mended may be longer than it came, and the end of the reply ends a stream whose server promised more: the client would wait for it.
    if (!isOpen) downstream.open(answered.status, answerHeaders({ ...headers, "content-length": undefined }));

    body.on("data", (chunk: Buffer) => {
      const hasRoom = write(mend === undefined ? chunk : mend.push(chunk));
      tap.push(chunk);
      if (hasRoom) return;
      body.pause();
      downstream.drained(() => body.resume());
    });
    body.once("end", () =>
      tap.end(() => {
        // Where a body ends with its connection, a server that died looks like one that is done.
        if (tap.seen().cut === true) breakOff({ kind: "cut-off", origin: "provider", message: "the reply ended without an end" });
        else end();
      }),
    );
    body.on("error", (error) => {
      if (downstream.gone.aborted && tap.over()) finish();
      else breakOff(failureOf(error));
    });
  });
}
