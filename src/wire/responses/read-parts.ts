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
  seal: Seal | undefined;
  /** It was put out. */
  begun: boolean;
  /** It waits for its turn, and what has come of it meanwhile. */
  queued: boolean;
  readonly waiting: string[];
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
  let open: Part | undefined;
  const waiting = createQueue<Part | Opaque>();

  const begin = (part: Part) => {
    open = part;
    part.begun = true;
    if (part.kind === "tool") out.push({ type: "tool-start", id: part.id, name: part.name ?? "" });
    else out.push({ type: `${part.kind}-start` });
  };
  const put = (part: Part, text: string) => {
    if (part.kind === "tool") out.push({ type: "tool-delta", json: text });
    else out.push({ type: `${part.kind}-delta`, text });
  };
  const finish = (part: Part) => {
    open = undefined;
    if (part.kind === "tool") out.push({ type: "tool-end" });
    else if (part.kind === "text") out.push({ type: "text-end" });
    else out.push({ type: "thinking-end", ...(part.seal === undefined ? {} : { seal: part.seal }) });
  };
  /** Makes room for the part; false: it has to wait. */
  const ready = (part: Part): boolean => {
    if (open === part) return true;
    if (part.kind === "tool" && (part.name === undefined || part.name === "")) return false;
    if (waiting.size > 0 && !part.begun) return false;
    if (open?.kind === "tool") return false;
    if (open !== undefined) finish(open);
    begin(part);
    return true;
  };
  const wait = (part: Part) => {
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
      return { kind, length: 0, ended: false, id: "", name: undefined, seal: undefined, begun: false, queued: false, waiting: [] };
    },
    delta(part, text) {
      if (text === "" || part.ended) return;
      part.length += text.length;
      if (ready(part)) put(part, text);
      else {
        part.waiting.push(text);
        wait(part);
      }
    },
    end(part, seal) {
      if (part.ended) return;
      part.ended = true;
      part.seal = seal;
      if (open === part) finish(part);
      // Nothing came of it: only a call and a seal say something by themselves.
      else if (!part.begun && !part.queued && (part.kind === "tool" || seal !== undefined)) {
        if (ready(part)) finish(part);
        else wait(part);
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
