import { isObject, type JsonObject, listOf, textOf } from "../json.ts";

/**
 * What a call that a provider has run itself, or a summary of what went before, says in plain words, for models behind other wires; undefined
 * where its answer says it once more.
 */
export function textOfItem(item: JsonObject): string | undefined {
  switch (item.type) {
    case "mcp_call":
      return lines(
        `[${textOf(item.name) ?? "tool"} ${textOf(item.arguments) ?? "{}"}]`,
        item.output,
        isObject(item.error) ? item.error.message : item.error,
      );
    case "code_interpreter_call":
      return lines(item.code, ...each(item.outputs, "logs"));
    // A program that the model wrote to call tools, and what it gave.
    case "program":
      return textOf(item.code);
    case "program_output":
      return textOf(item.result);
    // Of a client that sums up by itself; OpenAI's own is sealed.
    case "compaction":
    case "compaction_summary":
      return textOf(item.summary) ?? textOf(item.content) ?? (partsText(item.summary) || partsText(item.content) || undefined);
    case "file_search_call":
      return lines(...each(item.results, "text"));
    default:
      return undefined;
  }
}

/** The texts of summary or content parts, as paragraphs. */
export function partsText(parts: unknown): string {
  return listOf(parts)
    .map((part) => (isObject(part) ? textOf(part.text) : textOf(part)))
    .filter((text) => text !== undefined)
    .join("\n\n");
}

const each = (list: unknown, field: string) => listOf(list).map((entry) => (isObject(entry) ? entry[field] : undefined));

function lines(...texts: readonly unknown[]): string | undefined {
  const said = texts.map(textOf).filter((text) => text !== undefined);
  return said.length === 0 ? undefined : said.join("\n");
}
