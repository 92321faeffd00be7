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
  must: { type: "string" },
  ids: { type: "array", items: { type: "string" } },
  edits: {
    type: "array",
    items: { type: "object", properties: { old: { type: "string" }, all: { type: "boolean" }, at: { type: "number" } }, required: ["old"] },
  },
  status: {
    anyOf: [
      { type: "string", enum: ["open", "done"] },
      { type: "string", const: "deleted" },
    ],
  },
  may: { type: "string", nullable: true },
  both: { allOf: [{ type: "string" }] },
  pair: { type: "array", prefixItems: [{ type: "string" }], items: { type: "integer" } },
  free: {
    anyOf: [
      { type: "object", properties: { a: { type: "string" } } },
      { type: "object", additionalProperties: true },
    ],
  },
  deep: { anyOf: [{ anyOf: [{ type: "integer" }, { $ref: "#/$defs/Level" }] }, { $ref: "#/$defs/Other" }] },
  choice: { type: "string", enum: ["a", null] },
  day: { type: "date" },
  anything: { type: "any" },
  word: { type: "str" },
  amount: { type: "INTEGER" },
};
const $defs = {
  Level: { type: "string", enum: ["1", "2"] },
  Item: { type: "object" },
  Other: { anyOf: [{ type: "boolean" }, { $ref: "#/$defs/Other" }] },
};
const parameters = { type: "object", properties, required: ["must"], $defs };
const tools = knownTools(new Map([["T", { type: "function", name: "T", parameters }]]));

function read(...pieces: readonly string[]): string {
  const stage = typeArguments(tools, {});
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

function expectRead(given: string, expected: string): void {
  expect(read(given)).toBe(expected);
  for (let at = 1; at < given.length; at += 1) expect(read(given.slice(0, at), given.slice(at))).toBe(expected);
  expect(read(...given)).toBe(expected);
}

describe("arguments that are strings where the tool takes none", () => {
  it.each([
    ['{"todos":"[{\\"a\\":\\"b, \\\\\\"c\\\\\\"\\"}]","path":"[1]"}', '{"todos":[{"a":"b, \\"c\\""}],"path":"[1]"}'],
    ['{"count": "5", "all" : "True","options":"{}"}', '{"count": 5, "all" : true,"options":{}}'],
    ['{"count":"12345678901234567890"}', '{"count":12345678901234567890}'],
    ['{"options":"null"}', '{"options":null}'],
    ['{"items":"[1]","item":"{\\"a\\":1}","perhaps":"{}"}', '{"items":[1],"item":{"a":1},"perhaps":{}}'],
    ['{"edits":[{"old":"a","all":"true"},{"old":"b","at":"2"}]}', '{"edits":[{"old":"a","all":true},{"old":"b","at":2}]}'],
  ])("%s", expectRead);
});

describe("a number where the tool takes a string", () => {
  it.each([
    ['{"must":1,"path":-2.50}', '{"must":"1","path":"-2.50"}'],
    ['{"path": 12345678901234567890 }', '{"path": "12345678901234567890" }'],
    ['{"name":1}', '{"name":"1"}'],
    ['{"ids":[2, "3",4]}', '{"ids":["2", "3","4"]}'],
    ['{"edits":[{"old":5}]}', '{"edits":[{"old":"5"}]}'],
  ])("%s", expectRead);
});

it("takes the types of other languages for what they mean", () => expectRead('{"word":5,"amount":"5"}', '{"word":"5","amount":5}'));

describe("an integer that is written with a fraction or an exponent", () => {
  it.each([
    ['{"count":1000.0,"edits":[{"old":"a","at":1e3}]}', '{"count":1000,"edits":[{"old":"a","at":1000}]}'],
    ['{"count":-2.000E+1}', '{"count":-20}'],
    ['{"count":1.5,"either":1e400}', '{"count":1.5,"either":1e400}'],
  ])("%s", expectRead);
});

describe("an argument that may be missing and is nothing is left out", () => {
  it.each([
    ['{"must":"a","path":null}', '{"must":"a"}'],
    ['{"path":null,"must":"a","count":null}', '{"must":"a"}'],
    ['{ "path": null, "must": "a" }', '{ "must": "a" }'],
    ['{ "must": "a, b", "path": null , "ids": null }', '{ "must": "a, b" }'],
    ['{"path":null,"count":null}', "{}"],
    ['{"count":"","all":" ","perhaps":""}', "{}"],
    ['{"count":"null","must":"null"}', '{"must":"null"}'],
    ['{"status":"","name":"","path":""}', '{"path":""}'],
    ['{"edits":[{"all":null,"old":"a","at":null},{"old":"b","all":null}]}', '{"edits":[{"old":"a"},{"old":"b"}]}'],
  ])("%s", expectRead);

  it.each([
    '{"must":null,"may":null,"options":null,"perhaps":null}',
    '{"both":null,"any":null,"other":null}',
    '{"ids":[null],"options":{"all":null}}',
    '{"must":"","status":"open"}',
    '{"choice":null,"anything":null,"day":null}',
    '{"word":"","day":"","anything":" "}',
  ])("not where it must be there, or may be that: %s", (given) => expectRead(given, given));
});

describe("all else", () => {
  it.each([
    '{"path":"5","either":"6","any":"7","other":"8"}',
    '{"pair":["5",6],"free":{"a":5},"deep":"5"}',
    '{"level":"1","name":"2"}',
    '{"todos":"none","count":"many","all":"yes"}',
    '{"todos":[{"count":"5","todos":"[]"}],"options":{"all":"true","path":5}}',
    '{"path":true,"either":5,"any":5,"ids":{"a":5},"edits":[[5]]}',
    '{"todos":"[{\\"a',
    '{"todos":"a\nb"}',
    '{"must":"a","path":nul',
    '{"must":"a","path":null',
    '{"must":"a","path',
    '{"must":"a","path":1',
    '{"must":"a","status":"',
    '{"must":"a","path":null,',
    '[1,{"path":null}]',
    "5",
  ])("is left as it is: %j", (given) => {
    const cut = given === '{"must":"a","path":null,' ? '{"must":"a",' : given;
    expect(read(given)).toBe(cut);
    expect(read(...given)).toBe(cut);
  });

  it("passes at once, but for a name whose argument may be left out", () => {
    const stage = typeArguments(tools, {});
    const push = (json: string) => stage.push({ type: "tool-delta", json }).map((event) => event.type === "tool-delta" && event.json);
    stage.push({ type: "tool-start", id: "1", name: "T" });
    expect(push('{"must":')).toEqual(['{"must":']);
    expect(push('"/a')).toEqual(['"/a']);
    expect(push('","path":')).toEqual(['"']);
    expect(push('"b')).toEqual([',"path":"b']);
    expect(push('\\"c", "status":"')).toEqual(['\\"c"']);
    expect(push("o")).toEqual([', "status":"o']);
  });
});
