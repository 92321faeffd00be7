import type { ReplyEvent } from "../../model/event.ts";
import { createQueue } from "../../model/queue.ts";
import type { Ids } from "../../model/stage.ts";
import type { JsonObject } from "../json.ts";
import { type Call, newCall, newIn } from "./call.ts";
import { gatherDetails } from "./reasoning-details.ts";
import { sealDetails, sealSignature } from "./seal.ts";

/**
 * Puts what comes in any order into parts that follow one another.
 *
 * 1. Text and reasoning go out at once, and so do the arguments of the open call.
 * 2. While a call is open and its arguments are not complete, whatever else comes waits behind it: a part cannot be continued once another has
 *    begun. That is the only wait.
 * 3. A call opens when its name and id are known, or with its first arguments; a name that never comes takes its call with it.
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
  call(): Call;
  arguments(call: Call, fragment: string): void;
  changed(call: Call): void;
  /** Everything that waits goes out and the open part ends. `cut`: the output limit was reached. */
  end(cut: boolean): void;
  /** How many calls and how much text went out. */
  count(): { readonly calls: number; readonly texts: number };
}

type Waiting = Call | { readonly kind: "text" | "thinking"; readonly pieces: string[] };

export function createReplyParts(out: (event: ReplyEvent) => void, ids: Ids, maker: string): ReplyParts {
  let open: "text" | "thinking" | Call | undefined;
  const waiting = createQueue<Waiting>();
  const unopened = new Set<Call>();
  const usedIds = new Set<string>();
  const sealed = gatherDetails();
  let last: Call | undefined;
  let calls = 0;
  let texts = 0;

  const closeOpen = (cut = false): void => {
    if (open === undefined) return;
    if (open === "text") {
      out({ type: "text-end" });
    } else if (open === "thinking") {
      out(sealed.empty() ? { type: "thinking-end" } : { type: "thinking-end", seal: { ...sealDetails(sealed.take()), maker } });
    } else {
      if (open.told === 0 && !cut) out({ type: "tool-delta", json: "{}" });
      open.state = "over";
      out({ type: "tool-end" });
    }
    open = undefined;
  };

  /** Details that came outside of reasoning stand on a part of their own, before what they belong to. */
  const tellDetails = (): void => {
    if (sealed.empty()) return;
    out({ type: "thinking-start" });
    out({ type: "thinking-end", seal: { ...sealDetails(sealed.take()), maker } });
  };

  const tell = (kind: "text" | "thinking", text: string): void => {
    if (open !== kind) {
      closeOpen();
      if (kind === "text") tellDetails();
      out({ type: `${kind}-start` });
      open = kind;
    }
    if (kind === "text") texts += 1;
    out({ type: `${kind}-delta`, text });
  };

  const say = (kind: "text" | "thinking", text: string): void => {
    if (text === "") return;
    last = undefined;
    if (typeof open === "object") {
      // White space may stand before the real arguments; words do not.
      const isOver = open.json.complete() || (open.empty && text.trim() !== "");
      if (waiting.size > 0 || !isOver) {
        const behind = waiting.last();
        if (behind !== undefined && "kind" in behind && behind.kind === kind) behind.pieces.push(text);
        else waiting.push({ kind, pieces: [text] });
        return;
      }
    }
    tell(kind, text);
  };

  const tellPieces = (call: Call): void => {
    if (call.told === call.pieces.length) return;
    out({ type: "tool-delta", json: call.told === 0 ? call.pieces.join("") : call.pieces.slice(call.told).join("") });
    call.told = call.pieces.length;
  };

  const openCall = (call: Call): void => {
    closeOpen();
    tellDetails();
    if (call.signature !== undefined) {
      out({ type: "thinking-start" });
      out({ type: "thinking-end", seal: { ...sealSignature(call.signature), maker } });
    }
    unopened.delete(call);
    let id = call.id;
    if (id === undefined || usedIds.has(id)) id = ids.next("call_");
    usedIds.add(id);
    calls += 1;
    call.state = "open";
    open = call;
    out({ type: "tool-start", id, name: call.name });
    tellPieces(call);
  };

  const drain = (): void => {
    while (typeof open !== "object" || open.json.complete()) {
      const next = waiting.shift();
      if (next === undefined) return;
      if (!("kind" in next)) openCall(next);
      else tell(next.kind, next.pieces.join(""));
    }
  };

  const changed = (call: Call): void => {
    if (call.state !== "new" || call.name === "" || !(call.begun || (call.id !== undefined && call.known))) return;
    if (typeof open === "object" && (waiting.size > 0 || !open.json.complete())) {
      call.state = "waiting";
      unopened.delete(call);
      waiting.push(call);
    } else {
      openCall(call);
    }
  };

  const feed = (call: Call, fragment: string): void => {
    call.pieces.push(fragment);
    call.length += fragment.length;
    call.json.feed(fragment);
    if (call.state !== "open") return;
    tellPieces(call);
    if (waiting.size > 0 && call.json.complete()) drain();
  };

  /** The limit came before this call had arguments: empty ones would run it. */
  const isCut = (call: Call): boolean => !call.begun || (call.empty && call === last);

  return {
    text: (text) => say("text", text),
    thinking: (text) => say("thinking", text),
    details(details) {
      sealed.add(details);
    },
    call() {
      const call = newCall();
      unopened.add(call);
      last = call;
      return call;
    },
    changed,
    arguments(call, fragment) {
      // Nothing can be said of a part that is over; after complete arguments it is white space or an echo.
      if (fragment === "" || call.state === "over") return;
      if (call.pieces.length === 0) {
        const trimmed = fragment.trim();
        if (trimmed === "") return;
        if (!call.empty && trimmed === "{}") {
          call.begun = true;
          call.empty = true;
          changed(call);
          return;
        }
        if (call.empty) {
          if (trimmed === "{}") return;
          call.empty = false;
          if (!trimmed.startsWith("{")) feed(call, "{}");
        }
      }
      const added = newIn(call, fragment);
      if (added === "") return;
      call.begun = true;
      feed(call, added);
      changed(call);
    },
    end(cut) {
      const rest: Waiting[] = [...waiting.all(), ...[...unopened].filter((call) => call.name !== "")];
      if (typeof open === "object" && cut && isCut(open)) closeOpen(true);
      for (const next of rest) {
        if ("kind" in next) tell(next.kind, next.pieces.join(""));
        else if (!cut || (!isCut(next) && (next.empty || next.json.complete()))) openCall(next);
      }
      const ended = open;
      closeOpen();
      // A part of thinking after the last text hides the text in clients that show the last part; there the details are given up.
      if (ended !== "text") tellDetails();
    },
    count: () => ({ calls, texts }),
  };
}
