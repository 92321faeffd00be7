import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import { quirksFor } from "../../src/mend/quirks-for.ts";
import { quirksOf, rows } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";

/** What a model at a provider is sent on the chat wire for a request of the Messages wire. */
function sent(id: string, model: string, fields: object): Record<string, unknown> {
  const ids = { next: (prefix: string) => `${prefix}1` };
  const body = { model: "m", max_tokens: 100, messages: [{ role: "user", content: "hi" }], ...fields };
  const accepted = messagesClient.accept(body, { ids, now: 1_700_000_000 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  const quirks = quirksFor(accepted.request.reasoning, quirksOf(rows[id] as Row, model));
  const { request } = mend(accepted.request, { quirks, ids, wire: "chat", inputEstimate: () => 50 });
  return JSON.parse(JSON.stringify(chatProvider.open(request, { ids, model, maker: `${id}/${model}`, quirks }).body)) as Record<
    string,
    unknown
  >;
}

const off = { thinking: { type: "disabled" } };
const tools = [{ name: "Read", input_schema: { type: "object", properties: {} } }];
const any = { tools, tool_choice: { type: "any" } };
const one = { tools, tool_choice: { type: "tool", name: "Read" } };
const named = { type: "function", function: { name: "Read" } };

describe("what is asked of the use of tools", () => {
  it.each<[string, string, object, unknown, "told" | "untold"]>([
    ["deepseek", "deepseek-v4-pro", any, undefined, "told"],
    ["deepseek", "deepseek-v4-pro", { ...any, ...off }, "required", "untold"],
    ["deepseek", "deepseek-flash", { tools }, undefined, "untold"],
    ["deepseek", "deepseek-flash", { ...one, ...off }, "required", "told"],
    ["deepseek", "deepseek-reasoner", { ...any, ...off }, undefined, "told"],
    ["kimi", "kimi-k2.6", any, undefined, "told"],
    ["kimi", "kimi-k2.6", { ...any, ...off }, "required", "untold"],
    ["kimi", "kimi-k2.6", { ...one, ...off }, named, "untold"],
    ["kimi", "kimi-k3.1-pro", { ...any, ...off }, "auto", "told"],
    ["kimi-coding", "kimi-for-coding-highspeed", { ...any, ...off }, "required", "untold"],
  ])("%s/%s with %j: %j, and the model is %s in words", (id, model, fields, choice, told) => {
    const { tool_choice, messages } = sent(id, model, fields);
    expect(tool_choice).toEqual(choice);
    expect(JSON.stringify(messages).includes("Answer with a call") ? "told" : "untold").toBe(told);
  });
});
