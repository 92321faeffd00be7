import { describe, expect, it } from "vitest";
import { messagesClient } from "../../../src/wire/messages/client.ts";

const tool = (name: string, description = "d") => ({ name, description, input_schema: { type: "object" } });
const reference = (name: string) => ({ type: "tool_reference", name });
const add = (name: string, description?: string) => ({
  type: "tool_addition",
  tool: { type: "tool_definition", definition: tool(name, description) },
});
const again = (name: string) => ({ type: "tool_addition", tool: reference(name) });
const remove = (name: string) => ({ type: "tool_removal", tool: reference(name) });
const user = { role: "user", content: "hi" };
const system = (...content: object[]) => ({ role: "system", content });

function offered(messages: readonly object[], tools: readonly object[] | null = [tool("Read"), tool("Write")]) {
  const body = { model: "m", max_tokens: 5, tools, messages };
  const accepted = messagesClient.accept(body, { ids: { next: (prefix) => prefix }, now: 0 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  return accepted.request.tools.map((one) => (one.type === "function" ? `${one.name} ${one.description}` : one.name));
}

describe("tools that come and go in a conversation", () => {
  it.each<[name: string, messages: readonly object[], expected: readonly string[]]>([
    ["none does", [user], ["Read d", "Write d"]],
    ["one comes", [user, system(add("Grep"))], ["Read d", "Write d", "Grep d"]],
    ["one comes in the place of another", [user, system(add("Read", "new"))], ["Read new", "Write d"]],
    ["one goes", [user, system(remove("Read"), { type: "text", text: "s" }), user], ["Write d"]],
    ["one goes and comes back", [user, system(remove("Read")), user, system(again("Read"))], ["Write d", "Read d"]],
    [
      "one comes, goes and comes back",
      [user, system(add("Grep")), user, system(remove("Grep"), again("Grep"))],
      ["Read d", "Write d", "Grep d"],
    ],
    ["one that nobody knows comes", [user, system(again("gone"))], ["Read d", "Write d"]],
    [
      "a summary stands for where they did",
      [{ role: "assistant", content: [{ type: "compaction", content: "so far", tool_changes: [add("Grep"), remove("Write")] }] }, user],
      ["Read d", "Grep d"],
    ],
  ])("%s", (_, messages, expected) => {
    expect(offered(messages)).toEqual(expected);
  });

  it("the first one comes", () => {
    expect(offered([user, system(add("Grep"))], null)).toEqual(["Grep d"]);
  });
});
