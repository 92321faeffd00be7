import { append } from "../../model/lists.ts";
import type { AssistantPart, TextPart, ToolResultPart, Turn, UserPart } from "../../model/request.ts";

/** The turns of a conversation as its items are read: what one side says in a row is one turn. */
export interface Turns {
  readonly all: readonly Turn[];
  say(part: AssistantPart): void;
  /** Two messages are no two pieces of one text. */
  beginText(): void;
  answer(result: ToolResultPart): void;
  /** Codex opens with two developer messages in a row. */
  instruct(parts: readonly TextPart[]): void;
  /** What a user says is a turn by itself. */
  ask(parts: readonly UserPart[]): void;
}

/** A turn that still goes on. */
type OpenTurn =
  | { readonly role: "assistant"; readonly parts: AssistantPart[] }
  | { readonly role: "user"; readonly parts: ToolResultPart[] }
  | { readonly role: "system"; readonly parts: TextPart[] };

export function gatherTurns(): Turns {
  const all: Turn[] = [];
  let open: OpenTurn | undefined;
  const begin = <Begun extends OpenTurn>(turn: Begun): Begun => {
    all.push(turn);
    open = turn;
    return turn;
  };
  return {
    all,
    say(part) {
      const turn = open?.role === "assistant" ? open : begin({ role: "assistant", parts: [] });
      turn.parts.push(part);
    },
    beginText() {
      if (open?.role === "assistant" && open.parts.at(-1)?.type === "text") open = undefined;
    },
    answer(result) {
      const turn = open?.role === "user" ? open : begin({ role: "user", parts: [] });
      turn.parts.push(result);
    },
    instruct(parts) {
      const turn = open?.role === "system" ? open : begin({ role: "system", parts: [] });
      append(turn.parts, parts);
    },
    ask(parts) {
      if (parts.length === 0) return;
      all.push({ role: "user", parts });
      open = undefined;
    },
  };
}
