import type { ReplyEvent } from "../../model/event.ts";
import type { Opaque, Seal } from "../../model/opaque.ts";
import { createQueue } from "../../model/queue.ts";

/** One part of the reply on its way into the language. Its beginning is put out with the first thing in it, or with its end. */
export interface Part {
  readonly kind: "text" | "thinking" | "tool";
  /** What has come of it, in UTF-16 units. */
  length: number;
  ended: boolean;
  /** For a tool: nothing can be said of it before its name is known. */
  id: string;
  name: string | undefined;
}

interface State extends Part {
  begun: boolean;
  closed: boolean;
  seal: Seal | undefined;
  readonly waiting: string[];
  queued: boolean;
}

export interface PartQueue {
  create(kind: Part["kind"]): Part;
  delta(part: Part, text: string): void;
  end(part: Part, seal?: Seal): void;
  opaque(part: Opaque): void;
  /** Ends whatever is open and puts out whatever waits. */
  close(): void;
  /** What was put out since. */
  take(): ReplyEvent[];
}

/**
 * Keeps the language's rule of one open part at a time over a wire whose items may overlap. What comes for another part while a tool
 * call is open waits until the call is over; text and thinking are closed when something else begins, and begin again if more comes.
 */
export function createPartQueue(): PartQueue {
  let out: ReplyEvent[] = [];
  let open: State | undefined;
  const waiting = createQueue<State | Opaque>();

  const begin = (part: State) => {
    open = part;
    part.begun = true;
    if (part.kind === "tool") out.push({ type: "tool-start", id: part.id, name: part.name ?? "" });
    else out.push({ type: part.kind === "text" ? "text-start" : "thinking-start" });
  };
  const put = (part: State, text: string) => {
    if (part.kind === "tool") out.push({ type: "tool-delta", json: text });
    else out.push({ type: part.kind === "text" ? "text-delta" : "thinking-delta", text });
  };
  const finish = (part: State) => {
    part.closed = true;
    open = undefined;
    if (part.kind === "tool") out.push({ type: "tool-end" });
    else if (part.kind === "text") out.push({ type: "text-end" });
    else out.push({ type: "thinking-end", ...(part.seal === undefined ? {} : { seal: part.seal }) });
  };
  /** Makes room for the part; false: it has to wait. */
  const ready = (part: State): boolean => {
    if (open === part) return true;
    if (part.kind === "tool" && (part.name === undefined || part.name === "")) return false;
    if (waiting.size > 0 && !part.begun) return false;
    if (open?.kind === "tool") return false;
    if (open !== undefined) finish(open);
    begin(part);
    return true;
  };
  const wait = (part: State) => {
    if (part.queued) return;
    part.queued = true;
    waiting.push(part);
  };
  const drain = () => {
    while (open === undefined) {
      const next = waiting.first();
      if (next === undefined) return;
      if (!("kind" in next)) out.push({ type: "opaque", part: next });
      else {
        // Its name may still come; if it never does, there is nothing that could be called.
        if (next.kind === "tool" && !next.name && !next.ended) return;
        if (next.kind !== "tool" || next.name) {
          begin(next);
          for (const text of next.waiting) put(next, text);
          next.waiting.length = 0;
          if (next.ended) finish(next);
        }
        next.queued = false;
      }
      waiting.shift();
    }
  };
  return {
    create(kind) {
      return {
        kind,
        length: 0,
        ended: false,
        id: "",
        name: undefined,
        begun: false,
        closed: false,
        seal: undefined,
        waiting: [],
        queued: false,
      } as State;
    },
    delta(part, text) {
      const state = part as State;
      if (text === "" || state.ended) return;
      state.length += text.length;
      if (ready(state)) put(state, text);
      else {
        state.waiting.push(text);
        wait(state);
      }
    },
    end(part, seal) {
      const state = part as State;
      if (state.ended) return;
      state.ended = true;
      state.seal = seal;
      if (open === state) finish(state);
      // Nothing came of it: only a call and a seal say something by themselves.
      else if (!state.begun && !state.queued && (state.kind === "tool" || seal !== undefined)) {
        if (ready(state)) finish(state);
        else wait(state);
      }
      drain();
    },
    opaque(part) {
      if (open !== undefined && open.kind !== "tool") finish(open);
      if (open !== undefined || waiting.size > 0) waiting.push(part);
      else out.push({ type: "opaque", part });
      drain();
    },
    close() {
      if (open !== undefined) finish(open);
      for (const part of waiting.all()) if ("kind" in part) part.ended = true;
      drain();
    },
    take() {
      const taken = out;
      out = [];
      return taken;
    },
  };
}
