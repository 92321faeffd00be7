import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Quirks } from "../../src/model/quirks.ts";
import { requestOf, session, text } from "./arbitraries.ts";
import { translate } from "./translation.ts";

interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly { id: string; function: { name: string; arguments: string } }[];
  readonly tool_call_id?: string;
}

const messagesOf = (groups: readonly object[][], quirks: Quirks = {}) =>
  translate(requestOf(groups.flat()), quirks).opened.body["messages"] as readonly ChatMessage[];

const templates: readonly Quirks[] = [
  {},
  { systemAnywhere: true },
  { strictAlternation: true },
  { reasoningField: "reasoning_content", reasoningTurns: "all" },
  { toolIds: "nine-letters", assistantAfterTool: true },
  { images: false },
];

describe("the laws of a translated request", () => {
  it("prefix stability: what is written for the first turns stays as it is when more are said", () => {
    fc.assert(
      fc.property(session, fc.constantFrom(...templates), (groups, quirks) => {
        for (let length = 1; length < groups.length; length += 1) {
          const before = messagesOf(groups.slice(0, length), quirks);
          const after = messagesOf(groups.slice(0, length + 1), quirks);
          // A conversation that ends with the assistant is a prefill and may be written in its own way.
          const stable = before.at(-1)?.role === "assistant" ? before.slice(0, -1) : before;
          expect(after.slice(0, stable.length).map((message) => JSON.stringify(message))).toEqual(
            stable.map((message) => JSON.stringify(message)),
          );
        }
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 100) },
    );
  });

  it("every call is followed at once by its results, each once, and every result has its call", () => {
    fc.assert(
      fc.property(session, fc.constantFrom(...templates), (groups, quirks) => {
        const messages = messagesOf(groups, quirks);
        messages.forEach((message, at) => {
          const ids = (message.tool_calls ?? []).map((call) => call.id);
          expect(messages.slice(at + 1, at + 1 + ids.length).map((next) => next.tool_call_id)).toEqual(ids);
          if (message.role === "tool") {
            const open = messages.slice(0, at).findLast((earlier) => earlier.role === "assistant");
            expect(open?.tool_calls?.map((call) => call.id)).toContain(message.tool_call_id);
          }
        });
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 100) },
    );
  });

  it("conservation: every text, call and result of the session stands in the request", () => {
    fc.assert(
      fc.property(session, (groups) => {
        const written = JSON.stringify(messagesOf(groups));
        const inner = (value: string) => JSON.stringify(value).slice(1, -1);
        // biome-ignore lint/suspicious/noExplicitAny: blocks of the wire.
        for (const message of groups.flat() as any[]) {
          for (const block of typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content) {
            if (block.type === "text") expect(written).toContain(inner(block.text));
            if (block.type === "tool_use") expect(written).toContain(inner(JSON.stringify(block.input)));
            if (block.type === "tool_result" && typeof block.content === "string") expect(written).toContain(inner(block.content));
          }
        }
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 100) },
    );
  });

  it("the billing line, which differs in every request, never reaches the provider", () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        const write = (line: string) =>
          translate(
            requestOf([{ role: "user", content: "hi" }], {
              system: [
                { type: "text", text: `x-anthropic-billing-header: ${line}` },
                { type: "text", text: "Be brief." },
              ],
            }),
          ).opened.body;
        expect(write(one)).toEqual(write(two));
      }),
    );
  });
});
