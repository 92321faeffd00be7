import { createHash } from "node:crypto";
import { estimatePrefixes, isEstimated } from "../../mend/estimate.ts";
import type { Request } from "../../model/request.ts";

/**
 * What prompts really counted, by target: the ratio of the provider's count to our estimate, and the exact counts of the latest prompts,
 * so that a conversation that goes on is counted from its last exact figure.
 */
export interface Counts {
  /** Nothing is read before somebody asks for a count, which most sessions never do. */
  learn(target: string, told: Told): void;
  /** Tokens. `learned`: a ratio was learned for this target; otherwise the estimate errs high. */
  count(target: string, request: Request): { readonly tokens: number; readonly learned: boolean };
  /** Tokens, by a body's size alone: enough for a reply's beginning, whose figure gives way to the one at the end. */
  roughly(target: string, bytes: number): number;
}

export interface Told {
  /** The request where it has been read. It is not kept. */
  readonly request: Request | undefined;
  /** Reads it anew; undefined where it cannot be read. */
  readonly anew: () => Request | undefined;
  /** Of the request's body, which is kept until it is read anew. */
  readonly bytes: number;
  /** Tokens. */
  readonly input: number;
}

interface Known {
  ratio: number;
  /** The estimate of the prompt that the ratio is of. */
  basis: number;
  readonly prompts: { readonly turns: number; readonly mark: string; readonly input: number }[];
}

/** Conversations that are remembered at once: the main one and its sub-agents. */
const mostPrompts = 16;
/** Those that wait to be read, of all targets: the latest in any case, others in as much memory as this. */
const mostUnread = 8;
const mostUnreadBytes = 4 * 1024 * 1024;
/** Of English and code in the JSON of a request, rather too few. */
const bytesPerToken = 3.6;

export function createCounts(): Counts {
  const targets = new Map<string, Known>();
  const rough = new Map<string, { readonly bytes: number; readonly tokensPerByte: number }>();
  let unread: (Omit<Told, "request"> & { readonly target: string })[] = [];

  const note = (target: string, request: Request | undefined, input: number) => {
    const prefixes = request === undefined ? [] : estimatePrefixes(request);
    const estimate = prefixes.at(-1) ?? 0;
    // So little is no count of this prompt, but of what a cache or a cut left of it.
    if (request === undefined || estimate <= 0 || input < estimate * 0.3) return;
    const known = targets.get(target) ?? { ratio: 1, basis: 0, prompts: [] };
    targets.set(target, known);
    // A small prompt, such as that for a title, says little of the large ones.
    if (estimate * 2 >= known.basis) {
      // No text counts more than this.
      known.ratio = Math.min(2, input / estimate);
      known.basis = estimate;
    }
    const turns = request.turns.length;
    known.prompts.unshift({ turns, mark: markOf(request, turns, prefixes), input });
    if (known.prompts.length > mostPrompts) known.prompts.pop();
  };

  return {
    learn(target, { request, ...told }) {
      if (told.input <= 0) return;
      // A small body says little of the large ones either.
      if (told.bytes * 2 >= (rough.get(target)?.bytes ?? 0))
        rough.set(target, { bytes: told.bytes, tokensPerByte: Math.min(1, told.input / told.bytes) });
      // What was counted before it was sent will be again, and is known by now.
      if (request !== undefined && isEstimated(request)) return note(target, request, told.input);
      unread.push({ target, ...told });
      let bytes = unread.reduce((sum, one) => sum + one.bytes, 0);
      while (unread.length > mostUnread || (bytes > mostUnreadBytes && unread.length > 1)) bytes -= unread.shift()?.bytes ?? 0;
    },
    roughly(target, bytes) {
      return Math.max(1, Math.ceil(bytes * (rough.get(target)?.tokensPerByte ?? 1 / bytesPerToken)));
    },
    count(target, request) {
      for (const { target: of, anew, input } of unread) note(of, anew(), input);
      unread = [];
      const known = targets.get(target);
      const prefixes = estimatePrefixes(request);
      const estimate = prefixes.at(-1) ?? 0;
      if (known === undefined) return { tokens: estimate, learned: false };
      const marks = new Map<number, string>();
      let same: Known["prompts"][number] | undefined;
      for (const prompt of known.prompts) {
        const { turns } = prompt;
        if (turns > request.turns.length || (same !== undefined && turns <= same.turns)) continue;
        const mark = marks.get(turns) ?? markOf(request, turns, prefixes);
        marks.set(turns, mark);
        if (mark === prompt.mark) same = prompt;
      }
      if (same === undefined) return { tokens: Math.max(1, Math.ceil(estimate * known.ratio)), learned: true };
      const added = estimate - (prefixes[same.turns] ?? estimate);
      return { tokens: Math.ceil(same.input + added * known.ratio), learned: true };
    },
  };
}

/** Tells conversations apart without hashing megabytes after each reply: how much there is, and the last turn word for word. */
function markOf(request: Request, turns: number, prefixes: readonly number[]): string {
  const last = JSON.stringify(request.turns[turns - 1] ?? null, (key, value: unknown) => (key === "cache" ? undefined : value));
  // A short turn is kept as it is: hashing it would take longer than all the rest here.
  const word = last.length < 2048 ? last : createHash("sha256").update(last).digest("base64");
  return `${prefixes[turns]} ${request.tools.length} ${word}`;
}
