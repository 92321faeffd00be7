import { describe, expect, it } from "vitest";
import { knownTools } from "../../src/mend/known-tools.ts";
import { tool } from "./walk.ts";

const names = ["Read", "read_file", "mcp__docs__search", "agents__close_agent", "mcp__a__list", "mcp__b__list", "mcp__c__Read"];
const tools = knownTools(new Map(names.map((name) => [name, tool(name)])));

describe("the tool that a model means", () => {
  it.each([
    ["its own name", "read_file", "read_file"],
    ["another case", "READ_FILE", "read_file"],
    ["a template's namespace before it", "functions.Read", "Read"],
    ["an id of Kimi's in its place", "functions.Read:0", "Read"],
    ["itself for its namespace", "Read.Read", "Read"],
    ["other separators", "agents.close_agent", "agents__close_agent"],
    ["the name without its group", "close_agent", "agents__close_agent"],
    ["the name without its server, in another case", "functions.Search", "mcp__docs__search"],
    ["its name with tokens behind it", "Read<|channel|>commentary", "Read"],
    ["its name with tags behind it", "Read</think><arg_key>file_path</arg_key>", "Read"],
    ["its name with tags before it", "<tool_call>\nRead", "Read"],
    ["its name with white space and a tag before it", "\n<tool_call> Read", "Read"],
    ["a name that two servers have", "list", undefined],
    ["a name that stands for itself", "Read", "Read"],
    ["a group alone", "agents", undefined],
    ["a name that nobody offered", "write", undefined],
  ])("by %s", (_, name, meant) => {
    expect(tools.find(name)?.sent).toBe(meant);
  });

  it("by letters other than Latin ones", () => {
    const tools = knownTools(new Map([...["查询天气", "发送邮件"].entries()].map(([at, name]) => [`_${at}`, tool(name)])));
    expect(tools.find("发送邮件")?.sent).toBe("_1");
    expect(tools.find("功能")).toBeUndefined();
  });

  it("by none where nothing is left of a name", () => {
    const tools = knownTools(new Map([["mcp__files____", tool("mcp__files____")]]));
    expect(tools.find("")).toBeUndefined();
  });
});
