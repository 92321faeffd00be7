import { isCall } from "../../model/calls.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { AssistantPart, AssistantTurn, Request, Turn } from "../../model/request.ts";

/**
 * Each of several calls as a turn of its own, with its result behind it, for templates that know no more than one in a turn. Results stand
 * behind their calls in the same order by now; what was thought and said goes with the first.
 */
export function separateCalls(request: Request, { singleCalls }: Quirks): Request {
  if (!singleCalls) return request;
  const turns: Turn[] = [];
  for (let at = 0; at < request.turns.length; at += 1) {
    const turn = request.turns[at] as Turn;
    const next = request.turns[at + 1];
    if (turn.role !== "assistant" || next?.role !== "user" || turn.parts.filter(isCall).length < 2) {
      turns.push(turn);
      continue;
    }
    const answers = next.parts.filter(({ type }) => type === "tool-result");
    const others = next.parts.filter(({ type }) => type !== "tool-result");
    const steps = stepsOf(turn);
    for (const [index, parts] of steps.entries()) {
      const last = index === steps.length - 1;
      const own = last ? [...answers.slice(index), ...others] : answers.slice(index, index + 1);
      turns.push({ role: "assistant", parts }, { role: "user", parts: own });
    }
    at += 1;
  }
  return { ...request, turns };
}

function stepsOf({ parts }: AssistantTurn): AssistantPart[][] {
  const [first, ...rest] = parts.filter(isCall);
  const begun = parts.filter((part) => part === first || !isCall(part));
  return [begun, ...rest.map((call) => [call])];
}
