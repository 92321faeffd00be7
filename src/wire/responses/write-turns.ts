import { append } from "../../model/lists.ts";
import type { Turn } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import type { JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";
import { asOutput } from "./as-output.ts";
import { writeAssistant } from "./write-assistant.ts";
import { inputTextOf, writePart, writeResult } from "./write-content.ts";

/** Turns to items of `input`, in order; what a turn's results say comes before what its user says. */
export function writeTurns(turns: readonly Turn[], context: OpenContext): JsonObject[] {
  const items: JsonObject[] = [];
  /** The calls of another kind than a function's: their outputs are of that kind too. */
  const kinds = new Map<unknown, string>();
  for (const turn of turns) {
    if (turn.role === "system") {
      const content = turn.parts.map(inputTextOf);
      if (content.length > 0) items.push({ type: "message", role: context.quirks.systemRole ?? "developer", content });
    } else if (turn.role === "user") {
      const said: JsonObject[] = [];
      for (const part of turn.parts) {
        if (part.type === "tool-result") {
          const { output, beside } = writeResult(part, context.quirks);
          items.push({
            type: `${kinds.get(part.id) ?? "function_call"}_output`,
            call_id: part.id,
            output,
            ...ownFields(part, "responses"),
          });
          append(said, beside);
        } else append(said, writePart(part));
      }
      if (said.length > 0) items.push({ type: "message", role: "user", content: said });
    } else {
      const said = writeAssistant(turn, context).map((item, index) =>
        context.quirks.outputMessages ? asOutput(item, items.length + index) : item,
      );
      for (const { type, call_id } of said) if (type === "custom_tool_call") kinds.set(call_id, type);
      append(items, said);
    }
  }
  return items;
}
