import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { tapStream } from "../../../src/proxy/native/taps.ts";

/** A compressed stream of at least so many bytes, which tells its usage at its end. */
function compressed(bytes: number): Buffer {
  const text = randomBytes(bytes).toString("hex");
  const events = (text.match(/.{1,4096}/g) ?? []).map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
  const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } };
  return gzipSync([...events, usage].map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
}

/** What is seen of a stream that comes faster than it can be read. */
async function seenAtOnce(stream: Buffer): Promise<unknown> {
  const tap = tapStream("chat", { "content-encoding": "gzip" });
  for (let at = 0; at < stream.length; at += 65_536) tap.push(stream.subarray(at, at + 65_536));
  await new Promise<void>((resolve) => tap.end(resolve));
  return tap.seen().usage;
}

it("a compressed stream is read along with, however fast it comes", async () => {
  expect(await seenAtOnce(compressed(1024 * 1024))).toMatchObject({ input: 3, output: 4 });
});

it("one of which megabytes would have to wait to be read passes unread", async () => {
  expect(await seenAtOnce(compressed(6 * 1024 * 1024))).toBeUndefined();
});
