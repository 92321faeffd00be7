import { describe, expect, it } from "vitest";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { launch } from "../support/proxy.ts";
import { answerJson, answerStream, chatStream, messagesStream, type Script, startUpstream } from "../support/upstream.ts";

const open = closedAfterEachTest();

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

  describe("with a second choice that keeps none", () => {
    async function startTwo(...scripts: Script[]) {
      const servers = [await startUpstream(...scripts), await startUpstream(answerStream(messagesStream(["a"])))] as const;
      const [first, second] = servers.map(({ url }, index) => {
        const [id, speaks, quirks] = [`box${index}`, { messages: { baseUrl: url } }, index === 0 ? { keepsThreads: true } : {}];
        return targetOf(providerAt(url, { id, speaks }, { quirks }));
      });
      if (first === undefined || second === undefined) throw new Error("no targets");
      const proxy = await launch(profileOf([first, second]));
      open.push(proxy, ...servers);
      return { proxy, asked: () => servers.map(({ requests }) => requests.length) };
    }
    const failing = (type: string, status: number, details?: object) =>
      answerJson({ type: "error", error: { type, message: "The model's thread.", details } }, status);

    it("is refused by that, where the first is down", async () => {
      const { proxy, asked } = await startTwo(failing("overloaded_error", 529));
      const { json } = await proxy.post("/v1/messages", body(goOn));
      expect(json.error.details).toEqual({ error_code: "thread_unsupported_request" });
      expect(asked()).toEqual([1, 0]);
    });

    it.each([
      ["thread_not_found", 404, "not_found_error"],
      ["thread_already_continued", 400, "invalid_request_error"],
    ])("is told as the first tells it (%s), which stays the first", async (code, status, type) => {
      const details = { error_code: code, previous_message_id: "msg_1" };
      const { proxy, asked } = await startTwo(failing(type, status, details), answerStream(messagesStream(["a"])));
      const answer = await proxy.post("/v1/messages", body(goOn));
      expect([answer.status, answer.json.error.type, answer.json.error.details]).toEqual([status, type, details]);
      expect((await proxy.post("/v1/messages", body(create))).status).toBe(200);
      expect(asked()).toEqual([2, 0]);
    });
  });
});
