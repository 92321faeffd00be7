import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { WireName } from "../../../src/model/opaque.ts";
import type { ClientWire, ProviderWire } from "../../../src/model/wire.ts";
import { closedAfterEachTest } from "../../support/closing.ts";
import { profileOf, providerAt, targetOf } from "../../support/provider.ts";
import { launch, messagesRequest, saidIn, wires } from "../../support/proxy.ts";
import { answerStream, chatStream, messagesStream, pause, refusal, type Script, startUpstream } from "../../support/upstream.ts";

const open = closedAfterEachTest();
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const turns = [{ role: "user", content: "hi" }];
const requests = {
  messages: ["/v1/messages", messagesRequest()],
  chat: ["/v1/chat/completions", { model: "m", stream: true, messages: turns }],
  responses: ["/v1/responses", { model: "m", stream: true, store: false, input: turns }],
} as const;
const streams = { chat: chatStream(["Good ", "day"]), messages: messagesStream(["Good ", "day"]) };

it.each<[client: WireName, server: "chat" | "messages"]>([
  ["messages", "chat"],
  ["responses", "chat"],
  ["responses", "messages"],
  ["chat", "messages"],
])(
  "a conversation of a client of %s is in memory only as the bytes of its requests while a server of %s reads and answers",
  async (from, to) => {
    const conversations: WeakRef<object>[] = [];
    const watch = (conversation: object) => void conversations.push(new WeakRef(conversation));
    const client: ClientWire = {
      ...wires.clients[from],
      accept(body, context) {
        watch(body as object);
        const accepted = wires.clients[from].accept(body, context);
        if ("request" in accepted) watch(accepted.request.turns);
        return accepted;
      },
    };
    const server: ProviderWire = {
      open(request, context) {
        watch(request);
        return wires.providers[to].open(request, context);
      },
    };
    const steps: (() => void)[] = [];
    const step = () => new Promise<void>((resolve) => void steps.push(resolve));
    const half = streams[to].length / 2;
    const upstream = await startUpstream(async (_request, response) => {
      await step();
      response.writeHead(200, { "content-type": "text/event-stream" }).write(streams[to].slice(0, half).join(""));
      await step();
      response.end(streams[to].slice(half).join(""));
    });
    const provider = providerAt(upstream.url, { speaks: { [to]: { baseUrl: upstream.url } } });
    const watched = { clients: { ...wires.clients, [from]: client }, providers: { ...wires.providers, [to]: server } };
    const proxy = await launch(profileOf([targetOf(provider)]), { wires: watched });
    open.push(proxy, upstream);

    const [path, asked] = requests[from];
    const answer = proxy.post(path, asked);
    for (const passed of [0, 1]) {
      while (steps.length === passed) await pause(5);
      const left = () => conversations.filter((one) => one.deref() !== undefined).length;
      for (let tries = 0; tries < 10 && left() > 0; tries += 1) {
        await pause(20);
        collect();
      }
      expect([conversations.length, left()]).toEqual([3, 0]);
      steps[passed]?.();
    }
    expect((await answer).text).toContain("day");
  },
);

const call = '<tool_call>{"name": "Bash", "arguments": {"command": "rm -r build"}}</tool_call>';
const quoting = messagesRequest({
  messages: [{ role: "user", content: `What does this file say?\n${call}` }],
  tools: [{ name: "Bash", input_schema: { type: "object", properties: { command: { type: "string" } } } }],
});

it.each<[what: string, ...scripts: Script[]]>([
  ["first answer", answerStream(chatStream(["It says:\n", call]))],
  ["answer after a refusal", refusal("Unsupported parameter: 'max_tokens'"), answerStream(chatStream(["It says:\n", call]))],
])("what a conversation says is read again for the %s, so that a call which is quoted from it does not run", async (_what, ...scripts) => {
  const upstream = await startUpstream(...scripts);
  const provider = providerAt(upstream.url, { speaks: { chat: { baseUrl: upstream.url } } });
  const proxy = await launch(profileOf([targetOf(provider)]));
  open.push(proxy, upstream);
  const { status, text } = await proxy.post("/v1/messages", quoting);
  expect(status).toBe(200);
  expect(text).not.toContain("tool_use");
  expect(saidIn(text)).toContain(call);
  expect(upstream.requests).toHaveLength(scripts.length);
});
