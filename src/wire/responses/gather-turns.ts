import { append } from "../../model/lists.ts";
import type { AssistantPart, TextPart, ToolResultPart, Turn, UserPart } from "../../model/request.ts";

export type Turns = ReturnType<typeof gatherTurns>;

/** A turn that still goes on. */
type OpenTurn =
  | { readonly role: "assistant"; readonly parts: AssistantPart[] }
  | { readonly role: "user"; readonly parts: ToolResultPart[] }
  | { readonly role: "system"; readonly parts: TextPart[] };

/** The turns of a conversation as its items are read: what one side says in a row is one turn. */
export function gatherTurns() {
  const all: Turn[] = [];
  let open: OpenTurn | undefined;
  const begin = <Begun extends OpenTurn>(turn: Begun): Begun => {
    all.push(turn);
    open = turn;
    return turn;
  };
  return {
    all: all as readonly Turn[],
    say(part: AssistantPart): void {
      const turn = open?.role === "assistant" ? open : begin({ role: "assistant", parts: [] });
      turn.parts.push(part);
    },
    /** Two messages are no two pieces of one text. */
    beginText(): void {
      if (open?.role === "assistant" && open.parts.at(-1)?.type === "text") open = undefined;
    },
    answer(result: ToolResultPart): void {
      const turn = open?.role === "user" ? open : begin({ role: "user", parts: [] });
      turn.parts.push(result);
    },
    /** Codex opens with two developer messages in a row. */
    instruct(parts: readonly TextPart[]): void {
      const turn = open?.role === "system" ? open : begin({ role: "system", parts: [] });
      append(turn.parts, parts);
    },
    /** What a user says is a turn by itself. */
    ask(parts: readonly UserPart[]): void {
      if (parts.length === 0) return;
      all.push({ role: "user", parts });
      open = undefined;
    },
  };
}
