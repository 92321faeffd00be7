import type { ReplyEvent } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";

type Delta = Extract<ReplyEvent, { readonly type: `${string}-delta` }>;

const textOf = (delta: Delta): string => (delta.type === "tool-delta" ? delta.json : delta.text);
const isFirstHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const withText = (delta: Delta, text: string): Delta => (delta.type === "tool-delta" ? { ...delta, json: text } : { ...delta, text });

/**
 * A server that cuts its text by UTF-16, as JavaScript does, may part the two halves of a character (an emoji) between deltas. In JSON a half
 * is an escape that stands for nothing: Codex cannot read the event that has it, and Python cannot print it. The first half waits for the
 * second; one that stays alone is told as the replacement character.
 */
export function wholeCharacters(): Stage<ReplyEvent, ReplyEvent> {
  let half: Delta | undefined;
  return eventMend((event, out) => {
    const isDelta = event.type === "text-delta" || event.type === "thinking-delta" || event.type === "tool-delta";
    if (!isDelta) {
      if (half !== undefined) out.put(withText(half, "\ufffd"));
      half = undefined;
      out.put(event);
      return;
    }
    const text = (half === undefined ? "" : textOf(half)) + textOf(event);
    half = isFirstHalf(text.charCodeAt(text.length - 1)) ? withText(event, text.slice(-1)) : undefined;
    const whole = (half === undefined ? text : text.slice(0, -1)).toWellFormed();
    if (whole === textOf(event)) out.put(event);
    else if (whole !== "") out.put(withText(event, whole));
  });
}
