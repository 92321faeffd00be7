import { textOf } from "../json.ts";
import { createToldText, untold } from "../told-text.ts";
import { partsText } from "./item-text.ts";
import type { ItemReader } from "./read-items.ts";
import { createText, type ItemParts } from "./read-parts.ts";

type Source = "summary" | "content";

/** Servers send the same thoughts as summary and as content: the one that comes first is read. */
export function readReasoning(parts: ItemParts, maker: string): ItemReader {
  const thinking = createText(parts, "thinking");
  let source: Source | undefined;
  /** The part that the last text was for, and whether the next begins another. */
  let last: unknown;
  let gap = false;
  const told = createToldText();

  const tell = (text: string): void => {
    if (text === "") return;
    told.add(text);
    thinking.say(text);
  };
  const say = (from: Source, delta: string, part: unknown): void => {
    source ??= from;
    if (source !== from || delta === "") return;
    const isAnother = gap || (part !== undefined && last !== undefined && part !== last);
    tell(isAnother && told.length > 0 ? `\n\n${delta}` : delta);
    gap = false;
    last = part;
  };

  return {
    announced() {},
    event(brings, event) {
      const delta = textOf(event.delta) ?? "";
      if (brings === "summary-part") gap = true;
      else if (brings === "summary") say("summary", delta, event.summary_index);
      else say("content", delta, event.content_index);
    },
    whole(given) {
      const summary = partsText(given.summary);
      const content = partsText(given.content);
      const whole = source === "content" ? content || summary : summary || content;
      tell(untold(whole, told));
      const value = textOf(given.encrypted_content);
      thinking.end(value === undefined ? undefined : { wire: "responses", maker, value });
    },
  };
}
