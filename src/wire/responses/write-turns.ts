import { append } from "../../model/lists.ts";
import type { Turn } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import type { JsonObject } from "../json.ts";
import { writeAssistant } from "./write-assistant.ts";
import { inputText, writePart, writeResult } from "./write-content.ts";

/** Turns to items of `input`, in order; what a turn's results say comes before what its user says. */
export function writeTurns(turns: readonly Turn[], context: OpenContext): JsonObject[] {
  const items: JsonObject[] = [];
  for (const turn of turns) {
    if (turn.role === "system") {
      const content = turn.parts.map((part) => inputText(part.text));
      if (content.length > 0) items.push({ type: "message", role: context.quirks.systemRole ?? "developer", content });
    } else if (turn.role === "user") {
      const said: JsonObject[] = [];
      for (const part of turn.parts) {
        if (part.type === "tool-result") {
          const { output, beside } = writeResult(part, context.quirks);
          items.push({ type: "function_call_output", call_id: part.id, output });
          append(said, beside);
        } else append(said, writePart(part));
      }
      if (said.length > 0) items.push({ type: "message", role: "user", content: said });
    } else append(items, writeAssistant(turn, context));
  }
  return items;
}
