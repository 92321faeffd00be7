import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { createAsk } from "../../src/checks/index.ts";
import type { Reach } from "../../src/reach/reach.ts";
import { messagesStream } from "../support/upstream.ts";

const headers = { "content-type": "text/event-stream" };

/** What is heard of a model whose reply is this body. */
function heard(body: Readable) {
  const reach: Reach = { send: async () => ({ status: 200, headers, body }), close: async () => {} };
  const proxy = { url: "http://127.0.0.1:9", token: "t" };
  const ids = { next: (prefix: string) => `${prefix}1` };
  const ask = createAsk({ proxy, reach, ids, seen: [], facts: [] });
  return ask({ turns: [{ role: "user", parts: [{ type: "text", text: "hi" }] }] });
}

it("a model is heard to the end of its reply", async () => {
  const { events, failure } = await heard(Readable.from([Buffer.from(messagesStream(["hello"]).join(""))]));
  expect(events.at(-1)?.type).toBe("reply-end");
  expect(failure).toBeUndefined();
});

it("one whose reply goes on and on is not heard out", async () => {
  const [start = "", , delta = ""] = messagesStream(["hello ".repeat(50_000)]);
  const body = Readable.from(
    (function* long() {
      yield Buffer.from(start);
      for (let times = 0; times < 300; times += 1) yield Buffer.from(delta);
    })(),
  );
  const { failure } = await heard(body);
  expect(failure).toMatchObject({ kind: "cut-off", message: "the reply goes on without an end" });
  expect(body.destroyed).toBe(true);
});
