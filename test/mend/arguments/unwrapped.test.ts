import { describe, expect, it } from "vitest";
import { unwrapArguments } from "../../../src/mend/arguments/unwrapped.ts";
import { knownTools } from "../../../src/mend/known-tools.ts";
import { textTools } from "../../../src/mend/markup/text-tools.ts";
import { pipe } from "../../../src/model/pipe.ts";
import { growth, notItsSquare } from "../../support/growth.ts";
import { type Part, tool, walk } from "../walk.ts";

const open = (name: string, more: object) => ({
  type: "function" as const,
  name,
  parameters: { type: "object", properties: { a: { type: "string" } }, ...more },
});
const tools = knownTools(
  new Map([
    ["Bash", tool("Bash", { command: { type: "string" }, timeout: { type: "integer" } })],
    ["find", tool("find", { name: { type: "string" }, input: { type: "object" } })],
    ["any", tool("any", {})],
    ["open", open("open", { additionalProperties: true })],
    ["named", open("named", { patternProperties: { "^in": { type: "object" } } })],
    ["parted", open("parted", { allOf: [{ properties: { input: { type: "object" } } }] })],
  ]),
);
const call = (name: string, json: string): Part => ({ call: name, arguments: json, id: "a" });
const mended = (json: string, name = "Bash") =>
  walk(() => unwrapArguments(tools), { parts: [call(name, json), { text: "so" }], stop: "tool-use" }).parts;

describe("arguments a level too deep", () => {
  it.each([
    ["under a name of their own", '{"arguments":{"command":"ls","timeout":5}}', '{"command":"ls","timeout":5}'],
    ["in a string", '{"arguments": "{\\"command\\":\\"ls\\"}"}', '{"command":"ls"}'],
    ["under another name", '\n{ "input": {"command":"ls"}}', '{"command":"ls"}'],
    ["in the whole call", '{"name":"Bash","arguments":{"command":"ls"}}', '{"command":"ls"}'],
    ["in a call within one", '{"arguments":{"name":"Bash","arguments":{"command":"ls"}}}', '{"command":"ls"}'],
    ["of which there are none", '{"parameters":{}}', "{}"],
    ["under the schema's word for them", '{"properties":{"command":"ls"}}', '{"command":"ls"}'],
    ["in a string that is nearly JSON", '{"arguments":"{command: \'ls\'}"}', '{"command":"ls"}'],
    ["with a long number", '{"arguments":{"timeout":12345678901234567890}}', '{"timeout":12345678901234567890}'],
  ])("are taken out: %s", (_, json, inner) => {
    expect(mended(json)).toEqual([call("Bash", inner), { text: "so" }]);
  });

  it.each([
    ["as they should be", '{"command":"ls","arguments":1}'],
    ["with one that the tool has not", '{"arguments":{"cmd":"ls"}}'],
    ["beside others", '{"arguments":{"command":"ls"},"timeout":5}'],
    ["in two places", '{"arguments":{"command":"ls"},"input":{"command":"rm"}}'],
    ["that are no object", '{"arguments":["ls"]}'],
    ["in a string that is no JSON", '{"arguments":"ls"}'],
    ["that were cut", '{"arguments":{"command":"ls'],
    ["none", "{}"],
    ["nothing", ""],
  ])("are left: %s", (_, json) => {
    expect(mended(json)).toEqual([call("Bash", json), { text: "so" }]);
  });

  it.each([
    ["a tool that has an argument of such a name", "find", '{"input":{"name":"x"}}'],
    ["a tool that takes any other argument", "open", '{"input":{"a":"x"}}'],
    ["a tool that takes others by a pattern", "named", '{"input":{"a":"x"}}'],
    ["a tool that has others in a part of its schema", "parted", '{"input":{"a":"x"}}'],
    ["a tool that names none", "any", '{"arguments":{"a":1}}'],
    ["a tool that is not known", "nope", '{"arguments":{"a":1}}'],
  ])("are left to %s", (_, name, json) => {
    expect(mended(json, name)).toEqual([call(name, json), { text: "so" }]);
  });

  it.each([
    ["taken out", "Bash", '{"command":"ls"}', '{"command":"ls"}'],
    ["left to a tool that takes any other argument", "open", '{"a":"x"}', '{"arguments":{"a":"x"}}'],
  ])("are %s in a call that was written as text too", (_, name, inner, json) => {
    const text = `<tool_call><function=${name}><parameter=arguments>${inner}</parameter></function></tool_call>`;
    const stage = () =>
      pipe(
        textTools(tools, () => false),
        unwrapArguments(tools),
      );
    expect(walk(stage, { parts: [{ text }], stop: "end" }).parts).toEqual([{ ...call(name, json), id: "" }]);
  });

  it("go on as they come once their first name is no such one", () => {
    const stage = unwrapArguments(tools);
    const deltas = ["{", '"', "c", 'ommand":"', "ls"].map((json) => stage.push({ type: "tool-delta", json }));
    expect(deltas.flat()).toHaveLength(5);
    stage.push({ type: "tool-start", id: "a", name: "Bash" });
    expect(["{", ' "', "c", 'ommand":"', "ls"].map((json) => stage.push({ type: "tool-delta", json }).length)).toEqual([0, 0, 0, 1, 1]);
  });

  it("wait for their end at the same cost for each delta, however long they are", () => {
    const task = (size: number) => {
      const stage = unwrapArguments(tools);
      stage.push({ type: "tool-start", id: "a", name: "Bash" });
      stage.push({ type: "tool-delta", json: '{"arguments":{"command":"' });
      for (let at = 0; at < size; at += 1) stage.push({ type: "tool-delta", json: "echo " });
      stage.push({ type: "tool-delta", json: '"}}' });
      stage.push({ type: "tool-end" });
    };
    expect(growth(task, 10_000)).toBeLessThan(notItsSquare);
  });

  it("do not wait behind white space, however much of it comes", () => {
    const task = (size: number) => {
      const stage = unwrapArguments(tools);
      stage.push({ type: "tool-start", id: "a", name: "Bash" });
      for (let at = 0; at < size; at += 1) stage.push({ type: "tool-delta", json: "\n" });
      return stage.push({ type: "tool-delta", json: " " });
    };
    expect(task(200)).toEqual([{ type: "tool-delta", json: " " }]);
    expect(growth(task, 10_000)).toBeLessThan(notItsSquare);
  });
});
