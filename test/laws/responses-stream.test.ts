import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { responsesClient } from "../../src/wire/responses/client.ts";
import { readSse } from "../../src/wire/sse.ts";
import { problemsOfResponse, readResponsesStream } from "../support/responses-grammar.ts";
import { chatCompletion, chatStream, cutAt, cuts, habit, hostile, type Saying, saying } from "./arbitraries.ts";
import { countingIds } from "./translation.ts";

// biome-ignore lint/suspicious/noExplicitAny: replies of the wire.
type Json = any;
const runs = (usual: number) => Number(process.env["FCC_LAW_RUNS"] ?? usual);
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Tools of every kind that Codex has, under names that the model sees as `arbitraries` says them. */
const tools = [
  { type: "function", name: "Read", parameters: { type: "object" }, strict: false },
  { type: "custom", name: "Bash", format: { type: "text" } },
  { type: "namespace", name: "mcp__files", tools: [{ type: "function", name: "list_everything", parameters: { type: "object" } }] },
];
const body = { model: "m", input: "hello", tools, stream: true };

/** The way of one request through Responses, mends and chat, with no socket in it. */
function translate() {
  const ids = countingIds();
  const accepted = responsesClient.accept(body, { ids, now: 1_700_000_000 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  const mended = mend(accepted.request, { quirks: {}, ids, wire: "chat", inputEstimate: () => 50 });
  const opened = chatProvider.open(mended.request, { ids, model: "m", maker: "lab/m", quirks: {} });
  return { accepted, mended, opened };
}

function told(parts: readonly Uint8Array[], failed = false): string {
  const { accepted, mended, opened } = translate();
  const stage = pipe(pipe(pipe(readSse(), opened.read.stream()), mended.events()), accepted.write.stream("req_1"));
  const out = parts.flatMap((part) => stage.push(part));
  out.push(...(failed ? stage.fail({ kind: "cut-off", message: "the connection was lost", origin: "provider" }) : stage.end()));
  return out.join("");
}

/** What the items say: text, reasoning, calls with the name and namespace that the client knows. */
const said = (items: readonly Json[]) => ({
  text: items
    .flatMap((item) => (item.type === "message" ? item.content : []))
    .map((part) => part.text ?? part.refusal)
    .join(""),
  thinking: items
    .flatMap((item) => (item.type === "reasoning" ? item.summary : []))
    .map((part) => part.text)
    .join(""),
  calls: items
    .filter((item) => item.type.endsWith("_call"))
    .map(({ type, name, namespace, arguments: json, input }) => [type, namespace, name, input ?? JSON.parse(json)]),
});
const expectedCall = ({ name, json }: Saying["calls"][number]) => {
  if (name === "Bash") return ["custom_tool_call", undefined, name];
  const [namespace, own] = name === "Read" ? [undefined, name] : ["mcp__files", "list_everything"];
  return ["function_call", namespace, own, JSON.parse(json)];
};

describe("the laws of a stream for a client of Responses", () => {
  it("grammar: whatever the upstream sends, the client gets a legal stream with exactly one ending", () => {
    fc.assert(
      fc.property(hostile, cuts, fc.boolean(), (text, places, failed) => {
        const out = told(cutAt(bytesOf(text), places), failed);
        expect(readResponsesStream(out).problems, `${text}\n->\n${out}`).toEqual([]);
      }),
      { numRuns: runs(400) },
    );
  });

  it("chunk invariance: any split of the bytes gives the same stream", () => {
    fc.assert(
      fc.property(saying, habit, cuts, (say, how, places) => {
        const bytes = bytesOf(chatStream(say, how));
        expect(told(cutAt(bytes, places))).toBe(told([bytes]));
      }),
      { numRuns: runs(150) },
    );
  });

  it("conservation: text, thinking and calls go in and come out, once, in order, as this client spells them", () => {
    fc.assert(
      fc.property(saying, habit, (say, how) => {
        const { problems, items, ended, response } = readResponsesStream(told([bytesOf(chatStream(say, how))]));
        expect(problems).toEqual([]);
        const found = said(items);
        expect(found.text).toBe(say.text.join(""));
        expect(found.thinking).toBe(say.thinking.join(""));
        expect(found.calls.map((call) => (call[0] === "custom_tool_call" ? call.slice(0, 3) : call))).toEqual(say.calls.map(expectedCall));
        // A reply of nothing is a failure: Codex would take it for the end of its task.
        const empty = say.text.length + say.thinking.length + say.calls.length === 0;
        expect(ended).toBe(empty ? "failed" : "completed");
        expect(response.usage).toMatchObject({ input_tokens: 321, input_tokens_details: { cached_tokens: 100 }, output_tokens: 45 });
      }),
      { numRuns: runs(200) },
    );
  });

  it("a cut stream is a failure, never an ending, wherever it is cut", () => {
    fc.assert(
      fc.property(saying, habit, fc.nat(), (say, how, at) => {
        const text = chatStream(say, { ...how, comments: false });
        const finish = text.search(/"finish_reason":"/);
        const bytes = bytesOf(text);
        const { problems, ended, response } = readResponsesStream(
          told([bytes.subarray(0, at % (finish < 0 ? bytes.length : finish))], true),
        );
        expect(problems).toEqual([]);
        expect(ended).toBe("failed");
        expect(response.error.code).toBe("server_error");
      }),
      { numRuns: runs(150) },
    );
  });

  it("one story: the response at the end of the stream is the reply that comes at once", () => {
    fc.assert(
      fc.property(saying, habit, (say, how) => {
        const streamed = readResponsesStream(told([bytesOf(chatStream(say, how))]));
        const { accepted, mended, opened } = translate();
        const whole = accepted.write.reply(runStage(mended.events(), opened.read.reply(chatCompletion(say, how)))) as Json;
        expect(problemsOfResponse(whole)).toEqual([]);
        const { status, usage, output } = whole;
        expect({ status, usage, said: said(output) }).toEqual({
          status: streamed.response.status,
          usage: streamed.response.usage,
          said: said(streamed.response.output),
        });
      }),
      { numRuns: runs(150) },
    );
  });

  it.each([
    ["an event twice", (text: string) => text.replace(/(event: response.in_progress\n.*\n\n)/, "$1$1")],
    ["a delta that is lost", (text: string) => text.replace(/event: response.output_text.delta\n.*\n\n/, "")],
    ["an item that is not done", (text: string) => text.replace(/event: response.output_item.done\n.*\n\n/, "")],
    ["a key that is missing", (text: string) => text.replaceAll('"store":true,', "")],
    ["no end", (text: string) => text.replace(/event: response.completed\n.*\n\n/, "")],
    ["an item of a kind that no client knows", (text: string) => text.replaceAll('"type":"message"', '"type":"novelty"')],
  ])("the checker of these laws sees %s", (_name, spoil) => {
    const say: Saying = { thinking: [], text: ["one", "two"], calls: [] };
    const whole = told([bytesOf(chatStream(say, fc.sample(habit, { numRuns: 1, seed: 1 })[0] as never))]);
    expect(readResponsesStream(whole).problems).toEqual([]);
    expect(readResponsesStream(spoil(whole)).problems).not.toEqual([]);
  });
});
