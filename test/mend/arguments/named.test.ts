import { describe, expect, it } from "vitest";
import { namedArguments } from "../../../src/mend/arguments/named.ts";
import { knownTools } from "../../../src/mend/known-tools.ts";
import { type Part, tool, walk } from "../walk.ts";

const tools = knownTools(new Map([["read", tool("read", { filePath: { type: "string" }, limit: { type: "integer" } })]]));
const call = (name: string, json: string): Part => ({ call: name, arguments: json, id: "a" });
const mended = (name: string, json = "{}") =>
  walk(() => namedArguments(tools), { parts: [call(name, json), { text: "so" }], stop: "tool-use" }).parts[0];

describe("arguments that a server took for a part of the name", () => {
  const two = "<arg_key>filePath</arg_key><arg_value>/a b</arg_value>\n<arg_key>limit</arg_key><arg_value>3</arg_value>";

  it.each([
    ["the model's own markup", `read${two}`],
    ["with the call's tag in the place of the first key's", `read${two.replace("<arg_key>", "<tool_call>")}`],
  ])("%s", (_, name) => {
    expect(mended(name)).toEqual(call(`read${name.slice(4)}`, '{"filePath":"/a b","limit":3}'));
  });

  it("give way to arguments that came where they belong", () => {
    expect(mended(`read${two}`, '{"limit":4}')).toEqual(call(`read${two}`, '{"limit":4}'));
  });

  it.each([
    "read",
    "read</arg_value>",
    "other<arg_key>a</arg_key><arg_value>b</arg_value>",
    "read<arg_key>filePath</arg_key><arg_value>/ho",
  ])("%s has none", (name) => {
    expect(mended(name)).toEqual(call(name, "{}"));
  });
});
