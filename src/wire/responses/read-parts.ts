import type { ReplyEvent } from "../../model/event.ts";
import type { Opaque, Seal } from "../../model/opaque.ts";
import type { Part, PartsInOrder } from "../parts-in-order.ts";

/** A part of the reply that an item tells. */
export interface ItemPart extends Part {
  readonly kind: "text" | "thinking" | "tool" | "opaque";
  seal?: Seal;
}
export type ItemParts = PartsInOrder<ItemPart>;

export function newPart(kind: ItemPart["kind"]): ItemPart {
  return { kind, held: [], ended: false };
}

/** What is told when the part is over. */
export function endOf({ kind, seal }: ItemPart): ReplyEvent[] {
  if (kind === "opaque") return [];
  return [kind === "thinking" && seal !== undefined ? { type: "thinking-end", seal } : { type: `${kind}-end` }];
}

export function tellOpaque(parts: ItemParts, part: Opaque): void {
  const whole = newPart("opaque");
  parts.begin(whole, [{ type: "opaque", part }]);
  parts.end(whole);
}

/** Text or thinking of an item. It begins with the first word, and once more where something else has begun since. */
export interface ItemText {
  say(text: string): void;
  /** A seal says something by itself, but not behind what has begun since: thoughts after the answer would hide it. */
  end(seal?: Seal): void;
}

export function createText(parts: ItemParts, kind: "text" | "thinking"): ItemText {
  let part: ItemPart | undefined;
  const open = (): ItemPart => {
    if (part !== undefined && !part.ended) return part;
    part = newPart(kind);
    parts.begin(part, [{ type: `${kind}-start` }]);
    return part;
  };
  return {
    say: (text) => parts.say(open(), { type: `${kind}-delta`, text }),
    end(seal) {
      if (seal !== undefined) (part ?? open()).seal = seal;
      if (part !== undefined) parts.end(part);
    },
  };
}
