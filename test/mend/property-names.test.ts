import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import type { ReplyEvent } from "../../src/model/event.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { FunctionTool } from "../../src/model/request.ts";
import { countingIds, request, user } from "./walk.ts";

const longest = "settings__approved__or__denied__countries__or__regions__approved__list";
const text = { type: "string" };
const properties = {
  $filter: text,
  "ids[]": { type: "array" },
  "a b": text,
  a_b: text,
  査: text,
  [longest]: text,
  "@odata.type": text,
  $orderby: { $ref: "#/properties/$filter" },
  sort: { type: "array", items: { $ref: "#/properties/ids%5B%5D/items" } },
  path: text,
};
const query: FunctionTool = { type: "function", name: "Query", parameters: { type: "object", properties, required: ["$filter", "path"] } };

function mended(
  tool: FunctionTool = query,
  propertyNames: NonNullable<Quirks["propertyNames"]> = "safe",
): {
  readonly sent: { readonly properties: object; readonly required: readonly string[] };
  read(...pieces: string[]): string;
} {
  const asked = request([user("u")], { tools: [tool] });
  const { request: sent, events } = mend(asked, {
    quirks: { propertyNames },
    ids: countingIds(),
    wire: "messages",
    inputEstimate: () => 1,
  });
  const read = (...pieces: string[]) => {
    const stage = events();
    const deltas = pieces.map((json): ReplyEvent => ({ type: "tool-delta", json }));
    return [{ type: "tool-start", id: "1", name: tool.name } as const, ...deltas, { type: "tool-end" } as const]
      .flatMap((event) => stage.push(event))
      .map((event) => (event.type === "tool-delta" ? event.json : ""))
      .join("");
  };
  return { sent: (sent.tools[0] as FunctionTool).parameters as ReturnType<typeof mended>["sent"], read };
}

describe("names of arguments that Claude refuses", () => {
  const names = Object.keys(mended().sent.properties);

  it("are others, each its own, and the same each time", () => {
    expect(names.every((name) => /^[a-zA-Z0-9_.-]{1,64}$/.test(name))).toBe(true);
    expect(names.slice(0, 4)).toEqual(["_filter", "ids_", expect.stringMatching(/^a_b_\w{8}$/), "a_b"]);
    expect(new Set(names).size).toBe(Object.keys(properties).length);
    expect(names.at(-1)).toBe("path");
    expect(mended().sent.required).toEqual(["_filter", "path"]);
    expect(Object.keys(mended().sent.properties)).toEqual(names);
    expect(mended().sent.properties).toMatchObject({
      _orderby: { $ref: "#/properties/_filter" },
      sort: { items: { $ref: "#/properties/ids_/items" } },
    });
  });

  it("are the client's own again in a call, wherever it is parted", () => {
    const call = (keys: readonly string[]) =>
      `{${keys.map((key, at) => `${JSON.stringify(key)}: ${at === 1 ? '"[{\\"_filter\\":1}]"' : '"_filter"'}`).join(", ")}}`;
    const given = call(names);
    const expected = call(Object.keys(properties)).replace('"[{\\"_filter\\":1}]"', '[{"_filter":1}]');
    expect(mended().read(given)).toBe(expected);
    expect(mended().read(...given)).toBe(expected);
    for (let at = 1; at < given.length; at += 7) expect(mended().read(given.slice(0, at), given.slice(at))).toBe(expected);
    // Claude has read its own earlier calls, which have them.
    expect(mended().read('{"$filter":"a","other":{"_filter":1}}')).toBe('{"$filter":"a","other":{"_filter":1}}');
  });
});

it("an argument called type goes by another name where servers take it for the schema's own, and comes back", () => {
  const properties = { pattern: text, type: text, $filter: text, at: { type: "object", properties: { type: text } } };
  const grep: FunctionTool = { type: "function", name: "Grep", parameters: { type: "object", properties, required: ["type"] } };
  const { sent, read } = mended(grep, "no-type");
  const [pattern, other = "", ...rest] = Object.keys(sent.properties);
  expect([pattern, ...rest]).toEqual(["pattern", "$filter", "at"]);
  expect(other).toMatch(/^type_\w+$/);
  expect(sent).toMatchObject({ type: "object", required: [other], properties: { at: { properties: { type: text } } } });
  const call = (name: string) => `{"pattern":"type","${name}":"ts","at":{"type":"x"}}`;
  for (let at = 1; at < call(other).length; at += 1) expect(read(call(other).slice(0, at), call(other).slice(at))).toBe(call("type"));
});
