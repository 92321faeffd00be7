import { type JsonObject, stringOf } from "../json.ts";
import { textOfBlock } from "./opaque-text.ts";

const isCall = ({ type }: JsonObject): boolean => type === "server_tool_use" || type === "mcp_tool_use";
const isResult = ({ type }: JsonObject): boolean => typeof type === "string" && type.endsWith("_tool_result");
/** Code that the server runs may call the client's tools, and its result then comes in a later message than the call. */
const mayComeLater = ({ type }: JsonObject): boolean => String(type).includes("code_execution");

/** By its id, whether a call that a server ran has its result where the API looks for it. */
type Paired = ReadonlySet<string>;

/** Of all messages of the assistant: calls with their results. */
export function pairedCalls(messages: readonly (readonly JsonObject[])[]): Paired {
  const paired = new Set<string>();
  const earlier = new Set<unknown>();
  for (const blocks of messages) {
    const here = new Set<unknown>();
    for (const block of blocks) {
      const id = stringOf(block.tool_use_id);
      if (isCall(block)) here.add(block.id);
      else if (isResult(block) && id !== undefined && (here.has(id) || (mayComeLater(block) && earlier.has(id)))) paired.add(id);
    }
    for (const id of here) earlier.add(id);
  }
  return paired;
}

/**
 * A message of the assistant with what a server ran in words where the next server runs no tools and does not know these blocks, and where a
 * call or a result stands alone: "unexpected `tool_use_id` found in `advisor_tool_result` blocks", which Claude Code sends after some replies that
 * broke off (anthropics/claude-code#95406). `goesOn`: the conversation ends here, so that a call may wait for its result.
 */
export function tellServerCalls(blocks: readonly JsonObject[], paired: Paired, runsTools: boolean, goesOn: boolean): JsonObject[] {
  return blocks.flatMap((block) => {
    const id = stringOf(isCall(block) ? block.id : isResult(block) ? block.tool_use_id : undefined);
    const stays = id === undefined || (runsTools && (paired.has(id) || (goesOn && isCall(block))));
    if (stays) return [block];
    const text = textOfBlock(block) ?? "";
    return text === "" ? [] : [{ type: "text", text }];
  });
}
