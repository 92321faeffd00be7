import { isObject, type JsonObject, objectOf, pieceOf, stringOf } from "../json.ts";
import { reasoningDetails, reasoningText, thoughtIn } from "./reasoning.ts";
import type { ReplyParts } from "./reply-parts.ts";
import { createSuffixes } from "./suffixes.ts";
import { followToolCalls } from "./tool-calls.ts";

/** What the deltas of one reply, or its message, say: each part to the parts of the reply. `tools`: the names that were offered. */
export function readDeltas(parts: ReplyParts, tools: ReadonlySet<string>) {
  const toolCalls = followToolCalls(parts, tools);
  const newReasoning = createSuffixes();
  const newText = createSuffixes();
  let refusal = "";

  /** Mistral sends content in parts (thinking, text, references), and so does Databricks (reasoning, text). */
  const readPart = (part: unknown): void => {
    if (typeof part === "string") parts.text(part);
    if (!isObject(part)) return;
    const thought = thoughtIn(part);
    if (thought !== undefined) parts.thinking(thought);
    else if (part.type === "refusal") refusal += stringOf(part.refusal) ?? "";
    else parts.text(stringOf(part.text) ?? "");
  };

  return {
    read(delta: JsonObject): void {
      parts.details(reasoningDetails(delta));
      parts.thinking(newReasoning(reasoningText(delta)));
      const { content } = delta;
      if (Array.isArray(content)) content.forEach(readPart);
      else if (isObject(content)) readPart(content);
      else parts.text(newText(pieceOf(content) ?? transcriptOf(delta)));
      refusal += stringOf(delta.refusal) ?? "";
      toolCalls.take(delta);
    },
    /** In what words the model declined. */
    refusal: () => refusal,
  };
}

/** The words of a reply in sound, which has no content beside it. */
const transcriptOf = ({ audio }: JsonObject): string => stringOf(objectOf(audio).transcript) ?? "";
