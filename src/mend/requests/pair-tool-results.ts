import { isCall } from "../../model/calls.ts";
import { append, flatMap } from "../../model/lists.ts";
import type { AssistantTurn, Request, ToolResultPart, Turn, UserPart } from "../../model/request.ts";

/**
 * Puts the results of an assistant turn's calls directly after it, in the order of the calls, and what the user said after them: servers
 * refuse anything else. A call without a result gets one that says so; a second result for a call is dropped; a result without a call becomes
 * text. Results are looked for only up to the next assistant turn, since some models number their calls anew in each reply.
 */
export function pairToolResults(request: Request): Request {
  const turns: Turn[] = [];
  /** The last turn with calls, and the turns after it up to the next assistant turn. */
  let calling: AssistantTurn | undefined;
  let following: Turn[] = [];
  const settle = (): void => {
    if (calling !== undefined) append(turns, paired(calling, following));
    calling = undefined;
    following = [];
  };
  for (const turn of request.turns) {
    if (turn.role === "assistant") {
      settle();
      turns.push(turn);
      if (turn.parts.some(isCall)) calling = turn;
    } else if (calling !== undefined) following.push(turn);
    else turns.push(turn.role === "user" ? withoutOrphans(turn.parts) : turn);
  }
  settle();
  return { ...request, turns };
}

/** The results of a turn's calls, then what else follows it. */
function paired(turn: AssistantTurn, following: readonly Turn[]): Turn[] {
  const results = resultsById(following);
  const called = new Set<string>();
  const answers = flatMap(turn.parts, (part): ToolResultPart[] => {
    if (part.type !== "tool-call") return [];
    called.add(part.id);
    return [
      results.get(part.id)?.pop() ?? { type: "tool-result", id: part.id, parts: [{ type: "text", text: "[no result]" }], error: false },
    ];
  });
  // A result for one of the calls is either used above or a second one.
  const others = flatMap(following, (next): Turn[] => {
    if (next.role !== "user") return [next];
    const parts = next.parts.filter((part) => part.type !== "tool-result" || !called.has(part.id));
    return parts.length > 0 ? [withoutOrphans(parts)] : [];
  });
  const [first, ...rest] = others;
  // Where results and other parts came in one user turn, they stay in one.
  const own = following[0];
  const joined =
    own?.role === "user" && first?.role === "user" && own.parts.some((part) => part.type !== "tool-result" || !called.has(part.id));
  return joined ? [{ role: "user", parts: [...answers, ...first.parts] }, ...rest] : [{ role: "user", parts: answers }, ...others];
}

/** All results, by the id of their call, the last one first: taken from the end, since `shift` on a long list moves all the others. */
function resultsById(turns: readonly Turn[]): Map<string, ToolResultPart[]> {
  const results = new Map<string, ToolResultPart[]>();
  for (const turn of turns) {
    if (turn.role !== "user") continue;
    for (const part of turn.parts) {
      if (part.type !== "tool-result") continue;
      const same = results.get(part.id);
      if (same === undefined) results.set(part.id, [part]);
      else same.push(part);
    }
  }
  for (const same of results.values()) same.reverse();
  return results;
}

/** Results without a call, as text. */
function withoutOrphans(parts: readonly UserPart[]): Turn {
  if (!parts.some((part) => part.type === "tool-result")) return { role: "user", parts };
  return {
    role: "user",
    parts: flatMap(parts, (part): UserPart[] => {
      if (part.type !== "tool-result") return [part];
      const text = part.parts
        .map((inner) => (inner.type === "text" || inner.type === "opaque" ? (inner.text ?? "") : ""))
        .filter((inner) => inner !== "");
      const media = part.parts.filter((inner) => inner.type === "image" || inner.type === "document");
      const told = `${part.error ? "Error: " : ""}${text.join("\n")}`;
      return [{ type: "text", text: `Tool result (${part.id}): ${told}` }, ...media];
    }),
  };
}
