import { isCall } from "../../model/calls.ts";
import { parseExactly } from "../../model/exact-json.ts";
import { flatMap } from "../../model/lists.ts";
import type { AssistantPart, AssistantTurn } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { argumentsInHistory } from "../arguments-in-history.ts";
import { isSealFor } from "../envelope.ts";
import type { JsonObject } from "../json.ts";
import { redactedOf } from "./seal.ts";
import { besides, writePart } from "./write-content.ts";

/**
 * An assistant turn as blocks. DeepSeek and Kimi demand reasoning in a turn, but accept it without a signature, and empty: "The
 * `content[].thinking` in the thinking mode must be passed back to the API."
 */
export function writeAssistant({ parts }: AssistantTurn, context: OpenContext, thinks: boolean): readonly JsonObject[] {
  const { reasoningTurns, noReasoning = "" } = context.quirks;
  const carries = thinks && (reasoningTurns === "all" || (reasoningTurns === "calls" && parts.some(isCall)));
  const content = flatMap(parts, (part) => writeAssistantPart(part, context, carries));
  const lacks = carries && content.length > 0 && !content.some(({ type }) => type === "thinking");
  return lacks ? [unsigned(noReasoning), ...content] : content;
}

const unsigned = (thinking: string): JsonObject => ({ type: "thinking", thinking, signature: "" });

function writeAssistantPart(part: AssistantPart, { maker, quirks }: OpenContext, carries: boolean): JsonObject[] {
  switch (part.type) {
    case "thinking": {
      const { seal, text } = part;
      // A signature is valid only for the model that made it, and reasoning without one is refused, except where a turn must carry it.
      if (!isSealFor(seal, "messages", maker)) return carries && text !== "" ? [unsigned(text)] : [];
      const data = redactedOf(seal);
      // Redacted thinking, which only Claude can read.
      if (data !== undefined && carries) return [];
      return [data === undefined ? { type: "thinking", thinking: text, signature: seal.value } : { type: "redacted_thinking", data }];
    }
    case "tool-call":
      return [
        {
          type: "tool_use",
          id: part.id,
          name: part.name,
          input: parseExactly(argumentsInHistory(part.arguments)),
          ...besides(part),
        },
      ];
    default:
      return writePart(part, quirks);
  }
}
