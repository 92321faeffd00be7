import { type DiscoveredModel, type Discovery, modelIn } from "../discover/index.ts";
import { nameOf, type Target } from "../route/target.ts";
import type { Ask, ProbeReply } from "./probe/probe.ts";

/** What the checks of one model are given. */
export interface Subject {
  readonly target: Target;
  readonly ask: Ask;
  /** What the server says about itself; asked once. */
  readonly discovery: () => Promise<Discovery>;
  /** The context window that a launch assumes, in tokens, and where that comes from. */
  readonly window: () => Promise<{ readonly context?: number; readonly source: string }>;
  /** Tokens of the client's instructions and tools, which come before the user's first word. */
  readonly fixedPrompt: number;
  /** The reply to the first real request, which several checks look at. */
  readonly greeting: () => Promise<ProbeReply>;
}

/** The model's entry in the server's list; undefined where it is not listed. */
export async function listedModel({ target, discovery }: Pick<Subject, "target" | "discovery">): Promise<DiscoveredModel | undefined> {
  return modelIn(await discovery(), nameOf(target));
}

/** Milliseconds until the model's first output, or until the end of an answer without any. */
export const firstWordAfter = ({ firstToken, elapsed }: ProbeReply): number => firstToken ?? elapsed;

/** Seconds with one place, for people. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** A count of tokens as people read it. */
export const count = (tokens: number): string => tokens.toLocaleString("en-US");

export const say = (text: string) => [{ type: "text" as const, text }];

/** The first request: its reply is long enough to see whether it streams, and short enough for any model. */
export function greet(ask: Ask): Promise<ProbeReply> {
  return ask({
    turns: [{ role: "user", parts: say("Count from one to forty in words, separated by spaces. Say nothing else.") }],
    maxOutput: 256,
  });
}
