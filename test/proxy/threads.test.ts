import { afterEach, describe, expect, it } from "vitest";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { launch } from "../support/proxy.ts";
import { answerJson, answerStream, chatStream, messagesStream, type Script, startUpstream } from "../support/upstream.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(wires: readonly ("messages" | "chat" | "responses")[], scripts: readonly Script[], keepsThreads?: true) {
  const upstream = await startUpstream(...scripts);
  const speaks = Object.fromEntries(wires.map((wire) => [wire, { baseUrl: upstream.url }]));
  const row = { speaks, ...(keepsThreads ? { quirks: { keepsThreads } } : {}) };
  const proxy = await launch(profileOf([targetOf(providerAt(upstream.url, { speaks }, row))]));
  open.push(proxy, upstream);
  return { upstream, proxy };
}

const body = (thread: string, messages = '{"role":"user","content":"and?"}') =>
  `{"model":"x","stream":true,"max_tokens":5,"messages":[${messages}],"thread":${thread}}`;
const create = '{"type":"create"}';
const goOn = '{"type":"continue","previous_message_id":"msg_1"}';

describe("a conversation that the client wants kept at the server", () => {
  it.each([["messages"], ["chat"], ["responses"]] as const)(
    "is refused where a server of %s would lose it without a word",
    async (wire) => {
      const { proxy, upstream } = await start([wire], [answerStream(wire === "messages" ? messagesStream(["a"]) : chatStream(["a"]))]);
      for (const thread of [create, goOn]) {
        const { status, json } = await proxy.post("/v1/messages", body(thread));
        expect([status, json.error.type]).toEqual([400, "invalid_request_error"]);
        expect(json.error.details).toEqual({ error_code: "thread_unsupported_request" });
      }
      expect(upstream.requests).toHaveLength(0);
    },
  );

  it("passes to one that keeps it, also where a paused turn goes on without a word", async () => {
    const { proxy, upstream } = await start(["messages"], [answerStream(messagesStream(["a"]))], true);
    for (const asked of [body(create), body(goOn), body(goOn, "")]) {
      expect((await proxy.post("/v1/messages", asked)).status).toBe(200);
      expect(upstream.requests.at(-1)?.text).toBe(asked.replace('"x"', '"m"'));
    }
  });

  it("is no matter where the client has stopped with it", async () => {
    const { proxy, upstream } = await start(["messages"], [answerStream(messagesStream(["a"]))]);
    expect((await proxy.post("/v1/messages", body("null"))).status).toBe(200);
    expect(upstream.requests).toHaveLength(1);
  });

  it("is refused by the second choice, where the first one kept it and is down", async () => {
    const busy = answerJson({ type: "error", error: { type: "overloaded_error", message: "busy" } }, 529);
    const { upstream } = await start(["messages"], [busy]);
    const second = await startUpstream(answerStream(messagesStream(["a"])));
    const target = (url: string, id: string, keepsThreads?: true) => {
      const speaks = { messages: { baseUrl: url } };
      return targetOf(providerAt(url, { id, speaks }, { id, speaks, ...(keepsThreads ? { quirks: { keepsThreads } } : {}) }));
    };
    const proxy = await launch(profileOf([target(upstream.url, "one", true), target(second.url, "two")]));
    open.push(proxy, second);
    const { json } = await proxy.post("/v1/messages", body(goOn));
    expect(json.error.details).toEqual({ error_code: "thread_unsupported_request" });
    expect(second.requests).toHaveLength(0);
  });
});
