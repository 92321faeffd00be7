import type { ReplyEvent } from "../../model/event.ts";
import { isObject, listOf, textOf } from "../json.ts";
import { tellLogprobs } from "../logprobs.ts";
import { createToldText, type ToldText, untold } from "../told-text.ts";
import type { ItemReader } from "./read-items.ts";
import { createText, type ItemParts, tellOpaque } from "./read-parts.ts";

/** A message, whose content parts follow one another; each may come in deltas, in its `.done` form, and with the item. */
export function readMessage(parts: ItemParts, tell: (event: ReplyEvent) => void): ItemReader {
  const text = createText(parts, "text");
  let isAnnounced = false;
  /** How many content parts have begun. */
  let begun = 0;
  /** What has come of the one that is open, and its number where the server gives it. */
  let told: ToldText | undefined;
  let number: number | undefined;
  let refusal = "";
  let hasLogprobs = false;
  let hasAnnotations = false;

  const readLogprobs = (list: unknown): void => {
    for (const event of tellLogprobs(list)) {
      hasLogprobs = true;
      tell(event);
    }
  };
  const say = (delta: string): void => {
    if (delta === "") return;
    if (told === undefined) begun += 1;
    told ??= createToldText();
    told.add(delta);
    text.say(delta);
  };
  const end = (): void => {
    told = undefined;
    text.end();
  };
  /** Some servers end no part before they begin the next. */
  const sayIn = (index: unknown, delta: string): void => {
    if (typeof index === "number") {
      if (told !== undefined && number !== undefined && index !== number) end();
      number = index;
    }
    say(delta);
  };
  /** `index`: which content part this is, where the server says it. */
  const endWith = (whole: unknown, index: unknown, annotations?: unknown): void => {
    if (typeof whole === "string") {
      const isUnseen = typeof index === "number" ? index >= begun : begun === 0;
      if (told !== undefined) say(untold(whole, told));
      else if (isUnseen) say(whole);
    }
    if (!hasAnnotations && listOf(annotations).length > 0) text.note({ annotations });
    end();
  };

  return {
    announced({ phase }) {
      if (!isAnnounced && textOf(phase) !== undefined) tellOpaque(parts, { wire: "responses", value: { type: "phase", phase } });
      isAnnounced = true;
    },
    event(brings, event) {
      if (brings === "text" || (brings === "whole-text" && !hasLogprobs)) readLogprobs(event.logprobs);
      if (brings === "annotation") {
        hasAnnotations = true;
        return text.note({ annotations: [event.annotation] });
      }
      if (brings === "text") sayIn(event.content_index, textOf(event.delta) ?? "");
      else if (brings === "whole-text") endWith(event.text, event.content_index);
      else if (brings === "refusal") refusal += textOf(event.delta) ?? "";
      else refusal = textOf(event.refusal) ?? refusal;
    },
    whole({ content }) {
      const words = textOf(content);
      const said = words === undefined ? listOf(content).filter(isObject) : [{ type: "output_text", text: words }];
      if (!hasLogprobs) for (const { logprobs } of said) readLogprobs(logprobs);
      const texts = said.filter((part) => part.type !== "refusal" && part.text !== "");
      const first = told === undefined ? begun : begun - 1;
      // Where they were not numbered, several came as one.
      const rest = texts.slice(first).map((part) => textOf(part.text) ?? "");
      const joined = rest.join("");
      if (told?.length === joined.length && told.isStartOf(joined)) begun = first + rest.length;
      for (let index = first; index < texts.length; index += 1) endWith(texts[index]?.text, index, texts[index]?.annotations);
      end();
      if (refusal === "") refusal = said.map((part) => (part.type === "refusal" ? (textOf(part.refusal) ?? "") : "")).join("");
    },
    refusal: () => refusal,
  };
}
