import { describe, expect, it } from "vitest";
import { typeArguments } from "../../../src/mend/arguments/typed.ts";
import { knownTools } from "../../../src/mend/known-tools.ts";
import type { ReplyEvent } from "../../../src/model/event.ts";

const properties = {
  todos: { type: "array", items: { type: "object" } },
  count: { type: "integer" },
  all: { type: "boolean" },
  options: { anyOf: [{ type: "object" }, { type: "null" }] },
  path: { type: "string" },
  either: { type: ["string", "number"] },
  any: {},
  level: { anyOf: [{ type: "integer" }, { $ref: "#/$defs/Level" }] },
  item: { $ref: "#/$defs/Item" },
  perhaps: { anyOf: [{ $ref: "#/$defs/Item" }, { type: "null" }] },
  name: { $ref: "#/$defs/Level" },
  items: { anyOf: [{ type: "array" }, { $ref: "#/$defs/Item" }] },
};
const $defs = { Level: { type: "string", enum: ["1", "2"] }, Item: { type: "object" } };
const tools = knownTools(new Map([["T", { type: "function", name: "T", parameters: { type: "object", properties, $defs } }]]));

function read(...pieces: readonly string[]): string {
  const stage = typeArguments(tools);
  const events: ReplyEvent[] = [
    { type: "tool-start", id: "1", name: "T" },
    ...pieces.map((json) => ({ type: "tool-delta", json }) as const),
    { type: "tool-end" },
  ];
  return events
    .flatMap((event) => stage.push(event))
    .map((event) => (event.type === "tool-delta" ? event.json : ""))
    .join("");
}

describe("arguments that are strings where the tool takes none", () => {
  it.each([
    ['{"todos":"[{\\"a\\":\\"b, \\\\\\"c\\\\\\"\\"}]","path":"[1]"}', '{"todos":[{"a":"b, \\"c\\""}],"path":"[1]"}'],
    ['{"count": "5", "all" : "True","options":"{}"}', '{"count": 5, "all" : true,"options":{}}'],
    ['{"count":"12345678901234567890"}', '{"count":12345678901234567890}'],
    ['{"options":"null"}', '{"options":null}'],
    ['{"items":"[1]","item":"{\\"a\\":1}","perhaps":"{}"}', '{"items":[1],"item":{"a":1},"perhaps":{}}'],
  ])("%s", (given, expected) => {
    expect(read(given)).toBe(expected);
    for (let at = 1; at < given.length; at += 1) expect(read(given.slice(0, at), given.slice(at))).toBe(expected);
    expect(read(...given)).toBe(expected);
  });

  it.each([
    '{"path":"5","either":"6","any":"7","other":"8"}',
    '{"level":"1","name":"2"}',
    '{"todos":"none","count":"many","all":"yes"}',
    '{"todos":[{"count":"5","todos":"[]"}],"options":{"all":"true"}}',
    '{"todos":"[{\\"a',
    '{"todos":"a\nb"}',
  ])("left as it is: %j", (given) => {
    expect(read(given)).toBe(given);
    expect(read(...given)).toBe(given);
  });

  it("all else passes at once", () => {
    const stage = typeArguments(tools);
    stage.push({ type: "tool-start", id: "1", name: "T" });
    expect(stage.push({ type: "tool-delta", json: '{"path":"/a' })).toEqual([{ type: "tool-delta", json: '{"path":"/a' }]);
    expect(stage.push({ type: "tool-delta", json: '","todos":"[' })).toEqual([{ type: "tool-delta", json: '","todos":' }]);
  });
});
