import { createHash } from "node:crypto";
import { estimatePrefixes, isEstimated } from "../../mend/estimate.ts";
import type { Request } from "../../model/request.ts";

/**
 * Counts prompts by what providers said of earlier ones. For each target it keeps the ratio of the provider's count to fcc's estimate, and the
 * exact counts of the latest prompts, so that in a conversation only what has been added is estimated.
 */
export interface Counts {
  /** A provider's count. The prompt is parsed for it only when a count is asked for, which most sessions never do. */
  learn(target: string, told: Told): void;
  /** Tokens. `learned`: by what the target said before; otherwise it is an estimate that errs high. */
  count(target: string, request: Request): { readonly tokens: number; readonly learned: boolean };
  /** Tokens, by a body's size alone: enough for the beginning of a reply, since the end has the real figure. */
  roughly(target: string, bytes: number): number;
}

export interface Told {
  /** The request, if it has been parsed. It is not kept. */
  readonly request: Request | undefined;
  /** Parses it again; undefined where that fails. */
  readonly anew: () => Request | undefined;
  /** The size of the request's body, which is kept until it is parsed. */
  readonly bytes: number;
  /** Tokens of the prompt, as the provider counted them. */
  readonly input: number;
}

interface Known {
  ratio: number;
  /** The estimate of the prompt from which the ratio comes. */
  basis: number;
  /** The latest prompts, the last one first. */
  readonly prompts: Prompt[];
}

/** A prompt that a provider has counted: how many turns it had, `markOf` them, and its tokens. */
interface Prompt {
  readonly turns: number;
  readonly mark: string;
  readonly input: number;
}

/** Prompts that are remembered for each target: the main conversation's and its sub-agents'. */
const mostPrompts = 16;
/** Prompts of all targets that wait to be parsed: at least the latest, and no more than this. */
const mostUnread = 8;
const mostUnreadBytes = 4 * 1024 * 1024;
/** For English and code in the JSON of a request; errs low. */
const bytesPerToken = 3.6;

export function createCounts(): Counts {
  const targets = new Map<string, Known>();
  const rough = new Map<string, { readonly bytes: number; readonly tokensPerByte: number }>();
  let unread: (Omit<Told, "request"> & { readonly target: string })[] = [];

  const note = (target: string, request: Request | undefined, input: number) => {
    const prefixes = request === undefined ? [] : estimatePrefixes(request);
    const estimate = prefixes.at(-1) ?? 0;
    // So low a figure counts only what was left of this prompt after caching or truncation.
    if (request === undefined || estimate <= 0 || input < estimate * 0.3) return;
    const known = targets.get(target) ?? { ratio: 1, basis: 0, prompts: [] };
    targets.set(target, known);
    // A small prompt, such as the one for a title, says little about large ones.
    if (estimate * 2 >= known.basis) {
      // No text has a higher ratio.
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
      // A small body says little about large ones, too.
      if (told.bytes * 2 >= (rough.get(target)?.bytes ?? 0))
        rough.set(target, { bytes: told.bytes, tokensPerByte: Math.min(1, told.input / told.bytes) });
      // This request has been estimated before it was sent, so that noting it now costs nothing.
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
      const before = longestBefore(request, known.prompts, prefixes);
      if (before === undefined) return { tokens: Math.max(1, Math.ceil(estimate * known.ratio)), learned: true };
      const added = estimate - (prefixes[before.turns] ?? estimate);
      return { tokens: Math.ceil(before.input + added * known.ratio), learned: true };
    },
  };
}

/** The longest remembered prompt that this request goes on from. */
function longestBefore(request: Request, prompts: Known["prompts"], prefixes: readonly number[]): Prompt | undefined {
  const marks = new Map<number, string>();
  let longest: Prompt | undefined;
  for (const prompt of prompts) {
    const { turns } = prompt;
    if (turns > request.turns.length || (longest !== undefined && turns <= longest.turns)) continue;
    const mark = marks.get(turns) ?? markOf(request, turns, prefixes);
    marks.set(turns, mark);
    if (mark === prompt.mark) longest = prompt;
  }
  return longest;
}

/** A mark for the cache is set elsewhere when the conversation goes on, under the name of any wire. */
const beside = new Set(["cache", "own"]);

/** Identifies a conversation up to a turn, without hashing megabytes after each reply: by its estimated size and its last turn. */
function markOf(request: Request, turns: number, prefixes: readonly number[]): string {
  const last = JSON.stringify(request.turns[turns - 1] ?? null, (key, value: unknown) => (beside.has(key) ? undefined : value));
  // A short turn is kept as it is: hashing it would take longer than all the rest here.
  const word = last.length < 2048 ? last : createHash("sha256").update(last).digest("base64");
  return `${prefixes[turns]} ${request.tools.length} ${word}`;
}
