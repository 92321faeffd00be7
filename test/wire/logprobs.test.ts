import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { Accepted, ClientWire, ProviderWire } from "../../src/model/wire.ts";
import { chatClient } from "../../src/wire/chat/client.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { responsesClient } from "../../src/wire/responses/client.ts";
import { responsesProvider } from "../../src/wire/responses/provider.ts";
import { readSse } from "../../src/wire/sse.ts";
import { countingIds, events, type Json } from "./responses/reading.ts";

const messages = [{ role: "user", content: "hi" }];
const chatBody = { model: "m", messages, logprobs: true, top_logprobs: 1 };
const responsesBody = { model: "m", input: "hi", include: ["message.output_text.logprobs"], top_logprobs: 1 };

const of = (token: string, logprob: number, bytes: object = { bytes: [...Buffer.from(token)] }) => ({ token, logprob, ...bytes });
const entry = (token: string, bytes?: object) => ({ ...of(token, -0.5, bytes), top_logprobs: [of("!", -2, bytes)] });
const told = [entry("Zü"), entry("rich")];
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

const accept = (client: ClientWire, body: object): Accepted => {
  const accepted = client.accept(body, { ids: countingIds(), now: 1 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  return accepted;
};
/** The way there, with the mends that every chat server has. */
function open({ request }: Accepted, wire: "chat" | "responses", quirks: Quirks = {}) {
  const provider: ProviderWire = wire === "chat" ? chatProvider : responsesProvider;
  const ids = countingIds();
  const mended = mend(request, { quirks, ids, wire, inputEstimate: () => 1 });
  const { body, read } = provider.open(mended.request, { ids, model: "m", maker: "lab/m", quirks });
  return {
    body: body as Json,
    stream: (list: readonly object[]) => {
      const text = list.map((data) => `data: ${JSON.stringify(data)}\n\n`).join("");
      return runStage(pipe(pipe(readSse(), read.stream()), mended.events()), [Buffer.from(text)]);
    },
    reply: (whole: unknown) => runStage(mended.events(), read.reply(whole)),
  };
}

const chunk = (delta: object, more: object = {}) => ({ choices: [{ index: 0, delta, finish_reason: null, ...more }] });
const chatStream = [
  chunk({ role: "assistant", content: "" }),
  ...["Zü", "rich"].map((content, at) => chunk({ content }, { logprobs: { content: [told[at]], refusal: null } })),
  { ...chunk({}, { finish_reason: "stop" }), usage },
];
const chatWhole = {
  choices: [{ index: 0, message: { role: "assistant", content: "Zürich" }, logprobs: { content: told }, finish_reason: "stop" }],
  usage,
};
const completed = (logprobs: object[]) => {
  const content = [{ type: "output_text", text: "Zürich", annotations: [], logprobs }];
  return { id: "resp_1", status: "completed", output: [{ type: "message", id: "msg", role: "assistant", content }] };
};
/** Its deltas have no bytes. */
const responsesStream = [
  ...["Zü", "rich"].map((delta) => ({ type: "response.output_text.delta", item_id: "msg", delta, logprobs: [entry(delta, {})] })),
  { type: "response.output_text.done", item_id: "msg", text: "Zürich", logprobs: told.map(({ token }) => entry(token, {})) },
  { type: "response.completed", response: completed(told) },
];

describe("how likely tokens are", () => {
  it("is asked of a server of the other wire, and of nobody who does not take it", () => {
    const fromChat = accept(chatClient, chatBody);
    expect(open(fromChat, "chat").body).toMatchObject({ logprobs: true, top_logprobs: 1 });
    expect(open(fromChat, "responses").body).toMatchObject({
      include: ["reasoning.encrypted_content", "message.output_text.logprobs"],
      top_logprobs: 1,
    });
    const fromResponses = accept(responsesClient, responsesBody);
    expect(open(fromResponses, "chat").body).toMatchObject({ logprobs: true, top_logprobs: 1 });
    for (const wire of ["chat", "responses"] as const) {
      const { body } = open(fromChat, wire, { refusedFields: ["logprobs"] });
      expect(JSON.stringify(body)).not.toContain("logprobs");
    }
    const chosen = open(accept(chatClient, { ...chatBody, top_logprobs: undefined }), "chat").body;
    expect(chosen).toMatchObject({ logprobs: true });
    expect(chosen).not.toHaveProperty("top_logprobs");
    const others = [accept(chatClient, { model: "m", messages }), accept(responsesClient, { ...responsesBody, include: [] })];
    for (const accepted of others) expect(JSON.stringify(open(accepted, "chat").body)).not.toContain("logprobs");
  });

  it.each([
    ["chat", () => accept(chatClient, chatBody)],
    ["Responses", () => accept(responsesClient, responsesBody)],
  ])("is told a chat program in the stream and at once: %s", (_, asks) => {
    const program = accept(chatClient, chatBody);
    const of = open(asks(), "chat");
    for (const list of [of.stream(chatStream), of.reply(chatWhole)]) {
      expect(program.write.reply(list)).toMatchObject({ choices: [{ logprobs: { content: told, refusal: null } }] });
      const choices = runStage(program.write.stream("req_1"), list).map(
        (text) => JSON.parse(/\{.*\}/s.exec(text)?.[0] ?? "{}").choices?.[0],
      );
      expect(choices.flatMap((choice) => choice?.logprobs?.content ?? [])).toEqual(told);
    }
  });

  it("is told a chat program by a Responses server, whose deltas have no bytes, or that says it at the end only", () => {
    const program = accept(chatClient, chatBody);
    const silent = responsesStream.map((event) => ("logprobs" in event ? { ...event, logprobs: [] } : event));
    const of = () => open(program, "responses");
    for (const list of [of().stream(responsesStream), of().stream(silent), of().reply(completed(told))])
      expect(program.write.reply(list)).toMatchObject({ choices: [{ logprobs: { content: told } }] });
  });

  it("is told a Responses program in its deltas, with the whole text and in the item", () => {
    const program = accept(responsesClient, responsesBody);
    const list = open(program, "chat").stream(chatStream);
    const told2 = events(runStage(program.write.stream("req_1"), list).join(""));
    const logprobsIn = (type: string) => told2.flatMap(({ data }) => (data.type === type ? [data.logprobs ?? data.part.logprobs] : []));
    expect(logprobsIn("response.output_text.delta")).toEqual([[told[0]], [told[1]]]);
    expect(logprobsIn("response.output_text.done")).toEqual([told]);
    expect(logprobsIn("response.content_part.added")).toEqual([[]]);
    expect(logprobsIn("response.content_part.done")).toEqual([told]);
    expect(told2.at(-1)?.data.response.output).toMatchObject([{ content: [{ text: "Zürich", logprobs: told }] }]);
    expect(program.write.reply(open(program, "chat").reply(chatWhole))).toMatchObject({ output: [{ content: [{ logprobs: told }] }] });
  });

  it("is nothing that a Messages client hears of", () => {
    const list = open(accept(chatClient, chatBody), "chat").stream(chatStream);
    const { write } = accept(messagesClient, { model: "m", max_tokens: 9, messages });
    expect(runStage(write.stream("req_1"), list).join("")).not.toContain("logprob");
    expect(write.reply(list)).toMatchObject({ content: [{ type: "text", text: "Zürich" }] });
  });
});
