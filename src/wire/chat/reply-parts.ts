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
 * 3. A call opens when its name and id are known, or with its first arguments, or, without both, before what comes after it; a name that never
 *    comes takes its call with it, unless the text before it ends with a tool's: vLLM reads Mistral's `bash[TOOL_CALLS]{...}` so (its
 *    tests/parser/mistral/test_tool_calls.py).
 * 4. Arguments that are exactly `{}` are held until the next thing, since some servers send them before the real ones.
 * 5. Where the output limit cut a call before its arguments were written, no client may run it, and empty arguments would run: one that waits
 *    is dropped, one that is open ends without any, which the mend of arguments leaves out.
 */
export interface ReplyParts {
  text(text: string): void;
  thinking(text: string): void;
  /** Reasoning details, which go back to the provider unmodified. */
  details(details: readonly JsonObject[]): void;
  /** A call whose first fragment came. Its owner fills in what becomes known of it, and says so with each fragment of its arguments. */
  call(index: number | undefined): Call;
  filled(call: Call, fragment: string): void;
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
  /** What came last: a call, or the end of a text. */
  let latest: Call | string = "";
  let said: "nothing" | "text" | "calls" = "nothing";
  /** The kind of the part that ended last. */
  let ended: Part["kind"] | undefined;

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

  const startOf = (part: Said | Call): ReplyEvent[] => {
    if (part.kind !== "tool") return part.kind === "text" ? [...details(), { type: "text-start" }] : [{ type: "thinking-start" }];
    if (part.isCut) return [];
    part.place = "told";
    said = "calls";
    const { id = "", name, signature } = part;
    const start = details();
    if (signature !== undefined) start.push(...sealAlone({ ...sealSignature(signature), maker }));
    start.push({ type: "tool-start", id, name });
    const json = part.arguments.text();
    if (json !== "") start.push({ type: "tool-delta", json });
    return start;
  };

  const endOf = (part: Said | Call): ReplyEvent[] => {
    if (part.kind === "tool" && part.place !== "told") return [];
    ended = part.kind;
    if (part.kind === "tool" && part.arguments.text() === "" && !part.isCut)
      return [{ type: "tool-delta", json: "{}" }, { type: "tool-end" }];
    const seal = part.kind === "thinking" ? takeSeal() : undefined;
    return [seal === undefined ? { type: `${part.kind}-end` } : { type: "thinking-end", seal }];
  };

  const parts = tellInOrder(out, startOf, endOf, (part) => part.kind !== "tool" || part.arguments.state() === "complete");

  const open = (call: Call): void => {
    call.place = "placed";
    parts.begin(call);
  };
  /** A call of which no more than its tool's name is known keeps its place. */
  const keepPlace = (): void => {
    const call = all.at(-1);
    if (call?.place === "none" && tools.has(call.name)) open(call);
  };

  const say = (kind: "text" | "thinking", text: string): void => {
    if (text === "") return;
    if (text.trim() !== "") keepPlace();
    let part = parts.last();
    // White space may stand before the real arguments; words do not.
    if (part?.kind === "tool" && part.place === "told" && part.arguments.state() === "placeholder" && text.trim() !== "") parts.end(part);
    if (part?.kind !== kind || part.ended) {
      part = { kind, held: [], ended: false };
      parts.begin(part);
    }
    if (kind === "text" && said === "nothing") said = "text";
    latest = kind === "text" ? tailOf(typeof latest === "string" ? latest + text : text) : "";
    parts.say(part, { type: `${kind}-delta`, text });
  };

  const openKnown = (call: Call): void => {
    if (call.place !== "none" || call.name === "") return;
    if (call.arguments.state() !== "none" || (call.id !== undefined && tools.has(call.name))) open(call);
  };

  /** The limit came before this call had arguments, or before those of one that waits were whole. */
  const isCutShort = (call: Call): boolean => {
    const state = call.arguments.state();
    return state === "none" || (state === "placeholder" && call === latest) || (state === "open" && call.place !== "told");
  };

  return {
    text: (text) => say("text", text),
    thinking: (text) => say("thinking", text),
    details: (details) => sealed.add(details),
    call(index) {
      count();
      keepPlace();
      const call = newCall(index, typeof latest === "string" ? lastWord(latest) : "");
      all.push(call);
      latest = call;
      return call;
    },
    filled(call, fragment) {
      openKnown(call);
      // Nothing can be said of a part that is over; after complete arguments it is white space or an echo.
      const json = fragment === "" || call.ended ? "" : call.arguments.add(fragment);
      if (json !== "" && call.place !== "none") {
        if (call.place === "told") parts.say(call, { type: "tool-delta", json });
        if (call !== parts.last() && call.arguments.state() === "complete") parts.end(call);
      }
      openKnown(call);
    },
    end(cut) {
      for (const call of all.splice(0)) {
        if (call.name === "" && tools.has(call.word)) call.name = call.word;
        if (cut) call.isCut = isCutShort(call);
        else if (call.place === "none" && call.name !== "") open(call);
      }
      parts.close();
      // A part of thinking after the last text hides the text in clients that show the last part; there the details are given up.
      if (ended !== "text") for (const event of details()) out(event);
    },
    broken: () => all.some((call) => call.arguments.state() === "open" && parseJson(call.arguments.text()) === undefined),
    said: () => said,
  };
}
