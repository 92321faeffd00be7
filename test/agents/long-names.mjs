// A server of the Model Context Protocol by standard input, with one tool whose name is as long as they come.
import { createInterface } from "node:readline";

const name = `describe_${"the_very_long_name_of_a_tool_".repeat(3)}in_full`;
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "long", version: "1" } }),
  "tools/list": () => ({
    tools: [{ name, description: "Describes.", inputSchema: { type: "object", properties: { of: { type: "string" } } } }],
  }),
  "tools/call": ({ arguments: { of } }) => ({ content: [{ type: "text", text: `described: ${of}` }] }),
};
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = answers[method]?.(params) ?? {};
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
});
