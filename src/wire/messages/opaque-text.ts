import { stringifyExactly } from "../../model/exact-json.ts";
import { type JsonObject, listOf, objectOf, stringOf } from "../json.ts";

/** What a block that only this wire can say means in plain words, for models behind other wires; undefined where there is nothing to say. */
export function textOfBlock(block: JsonObject): string | undefined {
  const type = stringOf(block.type) ?? "";
  if (type === "search_result") return joined([stringOf(block.title), stringOf(block.source), textOfList(block.content)]);
  if (type === "tool_reference") return `Tool loaded: ${stringOf(block.tool_name) ?? ""}`;
  if (type === "compaction") return stringOf(block.content) ?? textOfList(block.content);
  if (type === "server_tool_use" || type === "mcp_tool_use") {
    return `[${stringOf(block.name) ?? "tool"} ${stringifyExactly(block.input ?? {})}]`;
  }
  if (type.endsWith("_tool_result")) return textOfResult(block);
  return stringOf(block.text);
}

/** The result of a tool that a provider ran itself: web search, fetch, code, MCP. */
function textOfResult(block: JsonObject): string | undefined {
  if (typeof block.content === "string") return block.content;
  if (Array.isArray(block.content)) return textOfList(block.content);
  const content = objectOf(block.content);
  if (typeof content.error_code === "string") return `Error: ${content.error_code}`;
  const document = objectOf(content.content);
  return joined([
    stringOf(content.text),
    stringOf(content.content),
    stringOf(content.url),
    stringOf(document.title),
    stringOf(objectOf(document.source).data),
    stringOf(content.stdout),
    stringOf(content.stderr),
    textOfList(content.tool_references),
  ]);
}

function textOfList(value: unknown): string | undefined {
  return joined(
    listOf(value).map((item) => {
      const fields = objectOf(item);
      // A found page; its text is encrypted.
      if (fields.type === "web_search_result") return joined([stringOf(fields.title), stringOf(fields.url)], ": ");
      return textOfBlock(fields);
    }),
  );
}

function joined(texts: readonly (string | undefined)[], by = "\n"): string | undefined {
  const found = texts.filter((text) => text !== undefined && text !== "");
  return found.length === 0 ? undefined : found.join(by);
}
