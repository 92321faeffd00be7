import { stringifyExactly } from "../../model/exact-json.ts";
import { freeformParameter } from "../freeform-tool.ts";
import { isObject, type JsonObject, parseJson, pieceOf, textOf } from "../json.ts";
import { createToldText, untold } from "../told-text.ts";
import type { AnnouncedCall, CallsInOrder } from "./calls-in-order.ts";
import type { ItemReader } from "./read-items.ts";

export function readFunctionCall(calls: CallsInOrder): ItemReader {
  const call = createCall(calls);
  /** What came, where it begins no object: the beginning was lost, or the model wrote something else. The whole arguments tell which. */
  let headless: string[] = [];
  let hasInk = false;
  let ended = "";
  const jsonOf = (given: unknown): string => (isObject(given) ? stringifyExactly(given) : (textOf(given) ?? ""));
  const release = (): void => {
    for (const json of headless) call.say(json);
    headless = [];
  };
  const say = (json: string): void => {
    headless.push(json);
    const begins = !hasInk && json.trimStart().startsWith("{");
    hasInk ||= json.trim() !== "";
    if (begins || call.told.length > 0) release();
  };
  const argumentsDone = (whole: unknown): void => {
    ended = jsonOf(whole);
    if (isObject(parseJson(ended))) headless = [];
    release();
    call.say(untold(ended, call.told));
  };
  return {
    announced: call.named,
    event(brings, event) {
      if (brings === "arguments") return say(jsonOf(event.delta));
      if (textOf(event.name) !== undefined) call.named({ id: event.item_id, name: event.name });
      argumentsDone(event.arguments);
    },
    whole(given) {
      call.named(given);
      argumentsDone(given.arguments);
      call.end();
    },
    cut: release,
    isCall: () => headless.length > 0 || call.isBegun(),
    isWhole: () => parseJson(ended) !== undefined,
  };
}

/** A freeform call, whose text is the one argument of a function. */
export function readFreeformCall(calls: CallsInOrder): ItemReader {
  const call = createCall(calls);
  /** What of the text went into JSON. */
  const told = createToldText();
  const say = (text: string): void => {
    if (call.told.length === 0) call.say(`{"${freeformParameter}":"`);
    told.add(text);
    call.say(JSON.stringify(text).slice(1, -1));
  };
  return {
    announced: call.named,
    event: (_, { delta }) => say(textOf(delta) ?? ""),
    whole(given) {
      call.named(given);
      say(untold(textOf(given.input) ?? "", told));
      call.say('"}');
      call.end();
    },
    isCall: call.isBegun,
  };
}

/** A call begins with its first arguments, or with its end; what comes before its name waits for it, and a name that never comes takes its call with it. */
function createCall(calls: CallsInOrder) {
  let id: string | undefined;
  let call: AnnouncedCall | undefined;
  let isOver = false;
  const told = createToldText();
  const nameless: string[] = [];

  return {
    named(given: JsonObject): void {
      if (call !== undefined || isOver) return;
      id ??= pieceOf(given.call_id) ?? textOf(given.id) ?? "";
      const name = textOf(given.name);
      if (name === undefined) return;
      call = calls.announce({ type: "tool-start", id, name });
      for (const json of nameless) call.say({ type: "tool-delta", json });
    },
    say(json: string): void {
      if (json === "" || isOver) return;
      told.add(json);
      if (call === undefined) nameless.push(json);
      else call.say({ type: "tool-delta", json });
    },
    end(): void {
      isOver = true;
      call?.end();
    },
    told,
    isBegun: () => call?.isBegun() === true,
  };
}
