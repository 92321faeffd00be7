import { expect, it } from "vitest";
import type { ProviderWire } from "../../src/model/wire.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { responsesProvider } from "../../src/wire/responses/provider.ts";
import { plainRequest } from "../support/request.ts";

const calls = {
  chat: (index: number) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index, id: `c${index}`, function: { name: "f" } }] } }] }),
  responses: (index: number) => ({
    type: "response.output_item.added",
    output_index: index,
    item: { type: "function_call", id: `i${index}`, call_id: `c${index}`, name: "f", arguments: "" },
  }),
};

it.each([
  ["chat", chatProvider],
  ["responses", responsesProvider],
] as const)("of a %s server's reply no more than 100000 calls wait for their arguments", (wire, server: ProviderWire) => {
  const ids = { next: (prefix: string) => `${prefix}1` };
  const stage = server.open(plainRequest, { ids, model: "m", maker: "lab/m", quirks: {} }).read.stream();
  const say = (index: number) => stage.push({ data: JSON.stringify(calls[wire](index)) });
  for (let index = 0; index < 100_000; index += 1) say(index);
  expect(() => say(100_000)).toThrow("the reply has more than 100000 calls");
});
