import type { ReplyEvent } from "../../model/event.ts";
import type { Opaque, Seal } from "../../model/opaque.ts";
import type { JsonObject } from "../json.ts";
import type { Part, PartsInOrder } from "../parts-in-order.ts";

/** A part of the reply that an item tells. */
export interface ItemPart extends Part {
  readonly kind: "text" | "thinking" | "tool" | "opaque";
  /** What is told when it begins; of an opaque part all there is. */
  readonly start: ReplyEvent;
  seal?: Seal;
}
export type ItemParts = PartsInOrder<ItemPart>;

export function newPart(kind: ItemPart["kind"], start: ReplyEvent): ItemPart {
  return { kind, start, held: [], ended: false };
}

export const startOf = ({ start }: ItemPart): ReplyEvent[] => [start];

/** What is told when the part is over. */
export function endOf({ kind, seal }: ItemPart): ReplyEvent[] {
  if (kind === "opaque") return [];
  return [kind === "thinking" && seal !== undefined ? { type: "thinking-end", seal } : { type: `${kind}-end` }];
}

export function tellOpaque(parts: ItemParts, part: Opaque): void {
  const whole = newPart("opaque", { type: "opaque", part });
  parts.begin(whole);
  parts.end(whole);
}

/** Text or thinking of an item. It begins with the first word, and once more where something else has begun since. */
export function createText(parts: ItemParts, kind: "text" | "thinking") {
  let part: ItemPart | undefined;
  const open = (): ItemPart => {
    if (part !== undefined && !part.ended) return part;
    part = newPart(kind, { type: `${kind}-start` });
    parts.begin(part);
    return part;
  };
  return {
    say: (text: string): void => parts.say(open(), { type: `${kind}-delta`, text }),
    /** What only this wire says of it, while it is open. */
    note(fields: JsonObject): void {
      if (part !== undefined && !part.ended) parts.say(part, { type: "own", own: { wire: "responses", fields } });
    },
    /** A seal says something by itself, but not behind what has begun since: thoughts after the answer would hide it. */
    end(seal?: Seal): void {
      if (seal !== undefined) (part ?? open()).seal = seal;
      if (part !== undefined) parts.end(part);
    },
  };
}
