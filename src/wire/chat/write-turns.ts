import { append, flatMap } from "../../model/lists.ts";
import type { TextPart, Turn } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { promptText, splitInstructions } from "../instructions.ts";
import type { JsonObject } from "../json.ts";
import { writeAssistant } from "./write-assistant.ts";
import { ownOfText, writePart } from "./write-content.ts";
import { writeUser } from "./write-user.ts";

/** Turns as messages. The leading system turns are one message; later ones stay where they stand, to be placed by whoever knows the template. */
export function writeTurns(turns: readonly Turn[], context: OpenContext): JsonObject[] {
  const messages: JsonObject[] = [];
  const role = context.quirks.systemRole ?? "system";
  const instruct = (parts: readonly TextPart[]) => {
    const marked = parts.some((part) => Object.keys(ownOfText(part, context.quirks)).length > 0);
    const content = marked ? flatMap(parts, (part) => writePart(part, context.quirks)) : promptText(parts);
    if (content !== "") messages.push({ role, content });
  };
  const { instructions, rest } = splitInstructions(turns);
  instruct(instructions);
  const lastUser = rest.findLastIndex((turn) => turn.role === "user" && turn.parts.some((part) => part.type !== "tool-result"));
  for (const [at, turn] of rest.entries()) {
    if (turn.role === "system") {
      instruct(turn.parts);
    } else if (turn.role === "user") {
      append(messages, writeUser(turn, context.quirks));
    } else {
      const message = writeAssistant(turn, context, at > lastUser);
      if (message !== undefined) messages.push(message);
    }
  }
  return messages;
}
