import { flatMap } from "../../model/lists.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { AssistantPart, AssistantTurn, OpaquePart, Request, TextPart, Turn } from "../../model/request.ts";

/**
 * Messages and Responses put the summary of what was said before into the model's own turn. In another wire's words the model would begin its
 * answer with it: the user says it there, before that turn. So too where a server of that wire makes no summaries, and does not know them.
 */
export function placeSummaries(request: Request, { refusedMessagesFields = [] }: Quirks, wire: WireName): Request {
  const isUnknown = refusedMessagesFields.includes("compaction");
  const isSummary = (part: AssistantPart): part is OpaquePart =>
    part.type === "opaque" && part.summary === true && (part.wire !== wire || isUnknown);
  const hasSummary = (turn: Turn): turn is AssistantTurn => turn.role === "assistant" && turn.parts.some(isSummary);
  if (!request.turns.some(hasSummary)) return request;
  const turns = flatMap(request.turns, (turn): readonly Turn[] => {
    if (!hasSummary(turn)) return [turn];
    const summaries = turn.parts.filter(isSummary).map(({ text = "" }): TextPart => ({ type: "text", text }));
    return [
      { role: "user", parts: summaries },
      { role: "assistant", parts: turn.parts.filter((part) => !isSummary(part)) },
    ];
  });
  return { ...request, turns };
}
