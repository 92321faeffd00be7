import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import type { FunctionTool } from "../../src/model/request.ts";
import { countingIds, type Part, type Reply, request, tool, user, walk } from "./walk.ts";

const offered = [tool("Read", { path: { type: "string" } }), tool("Bash", { command: { type: "string" } })];
const call = (name: string, json: string, id = "a"): Part => ({ call: name, arguments: json, id });
const mended = (
  parts: readonly Part[],
  { tools = offered, stop = "tool-use" }: { tools?: readonly FunctionTool[]; stop?: Reply["stop"] } = {},
) => {
  const input = request([user("hi")], { tools });
  const stage = () => mend(input, { quirks: {}, ids: countingIds(), wire: "responses", inputEstimate: () => 77 }).events();
  return walk(stage, { parts, stop }).parts;
};
const use = (name: unknown, parameters: unknown) => ({ recipient_name: name, parameters });
const wrapping = (...uses: readonly object[]) => JSON.stringify({ tool_uses: uses });

describe("calls that come within a call of the model's own tool for calling several at once", () => {
  const both = wrapping(use("functions.Read", { path: "/a" }), use("functions.Bash", { command: "ls" }));

  it.each(["parallel", "multi_tool_use.parallel", "multi_tool_use_parallel", "multi_tool_use"])("named %s are calls", (name) => {
    expect(mended([{ text: "Now." }, call(name, both), { text: "So." }])).toEqual([
      { text: "Now." },
      call("Read", '{"path":"/a"}'),
      call("Bash", '{"command":"ls"}', "call_1"),
      { text: "So." },
    ]);
  });

  it("keep their long integers, and get what any call's arguments get", () => {
    const json = '{"tool_uses":[{"recipient_name":"functions.Read","parameters":{"path":12345678901234567890}}]}';
    expect(mended([call("parallel", json)])).toEqual([call("Read", '{"path":"12345678901234567890"}')]);
  });

  it.each([
    ["of a tool that is not there", wrapping(use("functions.Read", { path: "/a" }), use("functions.Fetch", {}))],
    ["without arguments", wrapping(use("functions.Read", "/a"))],
    ["without a name", wrapping(use(undefined, {}))],
    ["none", wrapping()],
    ["in another form", '{"path":"/a"}'],
  ])("stay as they came: %s", (_, json) => {
    expect(mended([call("parallel", json)])).toEqual([call("parallel", json)]);
  });

  it("stay as they came where the limit cut them off", () => {
    const cut = [call("parallel", both.slice(0, -20))];
    expect(mended(cut, { stop: "max-output" })).toEqual(cut);
  });

  it("stay where the client has a tool of that name", () => {
    const tools = [...offered, tool("parallel", { tool_uses: { type: "array" } })];
    expect(mended([call("parallel", both)], { tools })).toEqual([call("parallel", both)]);
  });
});
