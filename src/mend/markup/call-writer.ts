import { limitCalls } from "../../model/calls.ts";
import type { ReplyEvent } from "../../model/event.ts";
import type { Seal } from "../../model/opaque.ts";
import type { Outbox } from "../../model/outbox.ts";
import type { ReadyCall } from "../written/resolve-calls.ts";
import { createPartWriter } from "./part-writer.ts";

/**
 * Writes text, thinking, and calls that a model wrote into either. A call waits for what comes behind it: beside a call that the server read
 * itself it is only what the server read. White space of text waits for the next word, so that none is left around a call.
 *
 * @param mayCall calls may come; otherwise nothing waits
 */
export function createCallWriter(mayCall: boolean, out: Outbox<ReplyEvent>) {
  const parts = createPartWriter(out);
  const count = limitCalls();
  let waiting: { readonly calls: readonly ReadyCall[]; readonly part: "text" | "thinking"; readonly markup: string }[] = [];
  let space = "";

  /** The calls that wait are told, as calls or as their markup. */
  const settle = (areCalls: boolean): void => {
    for (const { calls, part, markup } of waiting) {
      if (areCalls) for (const call of calls) parts.call(call);
      else parts[part](markup);
    }
    waiting = [];
  };
  return {
    text(text: string): void {
      const body = mayCall ? text.trimEnd() : text;
      if (body !== "") {
        const spaced = waiting.length > 0 ? body.trimStart() : space + body;
        settle(true);
        parts.text(spaced);
        space = "";
      }
      space += text.slice(body.length);
    },
    thinking: parts.thinking,
    /** `markup`: what the calls are, in this part, should they turn out to be none. */
    hold(calls: readonly ReadyCall[], part: "text" | "thinking", markup: string): void {
      for (const _ of calls) count();
      // A section of no calls says nothing.
      if (calls.length > 0) waiting.push({ calls, part, markup: space + markup });
      space = "";
    },
    /** Whether calls wait. */
    holds: () => waiting.length > 0,
    settle,
    /** White space waits no more: what stood before or behind it is no text. */
    dropSpace(): void {
      space = "";
    },
    /** Ends the part, if need be with its seal. Where calls wait, whose markup may yet belong to it, it stays open. */
    close(seal?: Seal): void {
      const goesOn = waiting.length > 0;
      if (!goesOn) parts.text(space);
      space = "";
      if (!goesOn || seal !== undefined) parts.close(seal);
    },
    /** What waits is told, and ends too. A part in which the reply `failed` stays without an end, by which clients would take it for whole. */
    end(areCalls: boolean, failed: boolean): void {
      settle(areCalls);
      parts.text(space);
      space = "";
      if (!failed) parts.close();
    },
  };
}
