import { limitCalls } from "../../model/calls.ts";
import type { ReplyEvent } from "../../model/event.ts";
import { lastWord, tailOf } from "../../model/last-word.ts";
import type { Seal } from "../../model/opaque.ts";
import type { OpenContext } from "../../model/wire.ts";
import { type JsonObject, parseJson } from "../json.ts";
import { type Part, tellInOrder } from "../parts-in-order.ts";
import { type Call, newCall } from "./call.ts";
import { gatherDetails } from "./reasoning-details.ts";
import { sealDetails, sealSignature } from "./seal.ts";

/**
 * Puts what comes in any order into parts that follow one another.
 *
 * 1. Text and reasoning go out at once, and so do the arguments of the open call.
 * 2. A call has no end of its own: it is over where its arguments are complete and something else comes. Until then whatever else comes
 *    waits behind it: a part cannot be continued once another has begun. That is the only wait.
 * 3. A call opens when its name and id are known, or with its first arguments; a name that never comes takes its call with it, unless the text
 *    before it ends with a tool's: vLLM reads Mistral's `bash[TOOL_CALLS]{...}` so (its tests/parser/mistral/test_tool_calls.py).
 * 4. Arguments that are exactly `{}` are held until the next thing, since some servers send them before the real ones.
 * 5. Where the output limit cut a call before its arguments were written, no client may run it, and empty arguments would run: one that waits
 *    is dropped, one that is open ends without any, which the mend of arguments leaves out.
 */
export interface ReplyParts {
  text(text: string): void;
  thinking(text: string): void;
  /** Reasoning details, which go back to the provider unmodified. */
  details(details: readonly JsonObject[]): void;
  /** A call whose first fragment came; what is known of it is filled in by its owner, and told by `changed`. */
  call(index: number | undefined): Call;
  arguments(call: Call, fragment: string): void;
  changed(call: Call): void;
  /** Everything that waits goes out and the open part ends. `cut`: the output limit was reached. */
  end(cut: boolean): void;
  /** The arguments of a call broke off. */
  broken(): boolean;
  /** What has been said, of text and calls what a client acts on. */
  said(): "nothing" | "text" | "calls";
}

interface Said extends Part {
  readonly kind: "text" | "thinking";
}

/** `tools`: the names that were offered. */
export function createReplyParts(out: (event: ReplyEvent) => void, { maker }: OpenContext, tools: ReadonlySet<string>): ReplyParts {
  const all: Call[] = [];
  const count = limitCalls();
  const sealed = gatherDetails();
  /** The part that began last, and the kind of the one that ended last. */
  let latest: Said | Call | undefined;
  let ended: Part["kind"] | undefined;
  /** The last call that came, where nothing was said since. */
  let last: Call | undefined;
  let said: "nothing" | "text" | "calls" = "nothing";
  /** The end of the last text, where nothing else was said since. */
  let told = "";
  /** The output limit was reached. */
  let limited = false;

  const sealAlone = (seal: Seal): ReplyEvent[] => [{ type: "thinking-start" }, { type: "thinking-end", seal }];
  const takeSeal = (): Seal | undefined => {
    const details = sealed.take();
    return details.length === 0 ? undefined : { ...sealDetails(details), maker };
  };
  /** Details that came outside of reasoning stand on a part of their own, before what they belong to. */
  const details = (): ReplyEvent[] => {
    const seal = takeSeal();
    return seal === undefined ? [] : sealAlone(seal);
  };

  /** The limit came before this call had arguments, and empty ones would run it, or before those of one that waits were whole. */
  const isCut = (call: Call): boolean => {
    const state = call.arguments.state();
    const lacksAll = state === "none" || (state === "placeholder" && call === last);
    return limited && (lacksAll || (state === "open" && call.place !== "told"));
  };

  const startOf = (part: Said | Call): ReplyEvent[] => {
    if (part.kind !== "tool") return part.kind === "text" ? [...details(), { type: "text-start" }] : [{ type: "thinking-start" }];
    if (isCut(part)) return [];
    part.place = "told";
    const { name, signature } = part;
    said = "calls";
    const start: ReplyEvent[] = details();
    if (signature !== undefined) start.push(...sealAlone({ ...sealSignature(signature), maker }));
    start.push({ type: "tool-start", id: part.id ?? "", name });
    const json = part.arguments.text();
    if (json !== "") start.push({ type: "tool-delta", json });
    return start;
  };

  const endOf = (part: Said | Call): ReplyEvent[] => {
    if (part.kind === "tool" && part.place !== "told") return [];
    ended = part.kind;
    if (part.kind === "tool" && part.arguments.text() === "" && !isCut(part))
      return [{ type: "tool-delta", json: "{}" }, { type: "tool-end" }];
    const seal = part.kind === "thinking" ? takeSeal() : undefined;
    return [seal === undefined ? { type: `${part.kind}-end` } : { type: "thinking-end", seal }];
  };

  const parts = tellInOrder(out, startOf, endOf);

  /** A call whose arguments are complete is over when something else begins. */
  const begin = (part: Said | Call): void => {
    if (latest?.kind === "tool" && latest.arguments.state() === "complete") parts.end(latest);
    latest = part;
    parts.begin(part);
  };

  const say = (kind: "text" | "thinking", text: string): void => {
    if (text === "") return;
    last = undefined;
    // White space may stand before the real arguments; words do not.
    if (latest?.kind === "tool" && latest.place === "told" && latest.arguments.state() === "placeholder" && text.trim() !== "")
      parts.end(latest);
    let part = latest;
    if (part?.kind !== kind || part.ended) {
      part = { kind, held: [], ended: false };
      begin(part);
    }
    if (kind === "text" && said === "nothing") said = "text";
    told = kind === "text" ? tailOf(told + text) : "";
    parts.say(part, { type: `${kind}-delta`, text });
  };

  const open = (call: Call): void => {
    call.place = "placed";
    begin(call);
  };

  const changed = (call: Call): void => {
    if (call.place !== "none" || call.name === "") return;
    if (call.arguments.state() !== "none" || (call.id !== undefined && tools.has(call.name))) open(call);
  };

  return {
    text: (text) => say("text", text),
    thinking: (text) => say("thinking", text),
    details: (details) => sealed.add(details),
    call(index) {
      count();
      const call = newCall(index, lastWord(told));
      told = "";
      all.push(call);
      last = call;
      return call;
    },
    changed,
    arguments(call, fragment) {
      // Nothing can be said of a part that is over; after complete arguments it is white space or an echo.
      if (fragment === "" || call.ended) return;
      const json = call.arguments.add(fragment);
      if (json !== "") {
        if (call.place === "told") parts.say(call, { type: "tool-delta", json });
        if (call.place !== "none" && call !== latest && call.arguments.state() === "complete") parts.end(call);
      }
      changed(call);
    },
    end(cut) {
      limited = cut;
      for (const call of all.splice(0)) {
        if (call.name === "" && tools.has(call.word)) call.name = call.word;
        if (!cut && call.place === "none" && call.name !== "") open(call);
      }
      parts.close();
      // A part of thinking after the last text hides the text in clients that show the last part; there the details are given up.
      if (ended !== "text") for (const event of details()) out(event);
    },
    broken: () => all.some((call) => call.arguments.state() === "open" && parseJson(call.arguments.text()) === undefined),
    said: () => said,
  };
}
