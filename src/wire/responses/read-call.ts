import type { ReplyEvent } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Ids } from "../../model/stage.ts";
import { freeformParameter } from "../freeform-tool.ts";
import { isObject, type JsonObject, parseJson, textOf } from "../json.ts";
import type { ItemReader } from "./read-items.ts";
import { type ItemPart, type ItemParts, newPart } from "./read-parts.ts";

export function readFunctionCall(parts: ItemParts, ids: Ids): ItemReader {
  const call = createCall(parts, ids);
  let ended = "";
  const jsonOf = (given: unknown): string => (isObject(given) ? stringifyExactly(given) : (textOf(given) ?? ""));
  const argumentsDone = (whole: unknown): void => {
    ended = jsonOf(whole);
    call.say(ended.slice(call.length()));
  };
  return {
    announced: call.named,
    event(brings, event) {
      if (brings === "arguments") return call.say(jsonOf(event.delta));
      if (textOf(event.name) !== undefined) call.named({ id: event.item_id, name: event.name });
      argumentsDone(event.arguments);
    },
    whole(given) {
      call.named(given);
      argumentsDone(given.arguments);
      call.end();
    },
    isCall: call.isBegun,
    isWhole: () => parseJson(ended) !== undefined,
  };
}

/** A freeform call, whose text is the one argument of a function. */
export function readFreeformCall(parts: ItemParts, ids: Ids): ItemReader {
  const call = createCall(parts, ids);
  /** How much of the text went into JSON. */
  let length = 0;
  const say = (text: string): void => {
    if (call.length() === 0) call.say(`{"${freeformParameter}":"`);
    length += text.length;
    call.say(JSON.stringify(text).slice(1, -1));
  };
  return {
    announced: call.named,
    event: (_, { delta }) => say(textOf(delta) ?? ""),
    whole(given) {
      call.named(given);
      say((textOf(given.input) ?? "").slice(length));
      call.say('"}');
      call.end();
    },
    isCall: call.isBegun,
  };
}

/** A call begins with its first arguments, or with its end; what comes before its name waits for it, and a name that never comes takes its call with it. */
function createCall(parts: ItemParts, ids: Ids) {
  let id: string | undefined;
  let start: ReplyEvent | undefined;
  let part: ItemPart | undefined;
  let isOver = false;
  /** What has come, in UTF-16 units. */
  let length = 0;
  const nameless: string[] = [];

  const open = (start: ReplyEvent): ItemPart => {
    if (part !== undefined) return part;
    part = newPart("tool", start);
    parts.begin(part);
    return part;
  };
  return {
    named(given: JsonObject): void {
      if (start !== undefined || isOver) return;
      id ??= textOf(given.call_id) ?? textOf(given.id) ?? ids.next("call_");
      const name = textOf(given.name);
      if (name === undefined) return;
      start = { type: "tool-start", id, name };
      for (const json of nameless) parts.say(open(start), { type: "tool-delta", json });
    },
    say(json: string): void {
      if (json === "" || isOver) return;
      length += json.length;
      if (start === undefined) nameless.push(json);
      else parts.say(open(start), { type: "tool-delta", json });
    },
    end(): void {
      isOver = true;
      if (start !== undefined) parts.end(open(start));
    },
    length: () => length,
    isBegun: () => part !== undefined,
  };
}
