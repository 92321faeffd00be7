import type { Quirks } from "../../model/quirks.ts";
import { refusedBesideTools } from "./conversation.ts";
import type { Lesson, Refused } from "./lesson.ts";

/** A schema for the reply is asked for in words, beside the plain JSON mode as long as that is taken. */
export const ofReplySchema: readonly Lesson[] = [
  {
    when: ({ native, field = "", capability }) =>
      field.startsWith("response_format") ||
      field.startsWith("text.format") ||
      (!native && capability === "structured_outputs_unsupported"),
    quirks: inWords,
  },
];

function inWords({ message, field, native, quirks }: Refused): Quirks | null {
  if (quirks.replySchema === "none") return null;
  if (native && refusedBesideTools.test(message)) return { schemaBesideTools: false };
  const wholly = field === "response_format" && !/json_|schema|structured|\btype\b|value/i.test(message);
  return { replySchema: wholly || quirks.replySchema === "json_object" ? "none" : "json_object" };
}
