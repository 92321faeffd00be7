import type { Quirks } from "../../model/quirks.ts";
import { isAsAsked, type Lesson, type Refused } from "./lesson.ts";
import { refusedBesideTools } from "./tool-forms.ts";

/** A schema for the reply is asked for in words, beside the plain JSON mode as long as that is taken. */
export const ofReplySchema: readonly Lesson[] = [
  {
    when: (refused) =>
      refused.field?.startsWith("response_format") === true ||
      refused.field?.startsWith("text.format") === true ||
      (!isAsAsked(refused) && refused.capability === "structured_outputs_unsupported"),
    quirks: inWords,
  },
];

function inWords({ message, field, native, quirks }: Refused): Quirks | null {
  if (quirks.replySchema === "none") return null;
  if (native && refusedBesideTools.test(message)) return { schemaBesideTools: false };
  const wholly = field === "response_format" && !/json_|schema|structured|\btype\b|value/i.test(message);
  return { replySchema: wholly || quirks.replySchema === "json_object" ? "none" : "json_object" };
}
