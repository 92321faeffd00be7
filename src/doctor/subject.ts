import { type DiscoveredModel, type Discovery, modelIn } from "../discover/index.ts";
import { nameOf, type Target } from "../route/target.ts";
import type { Ask, Heard } from "./talk.ts";

/** What the checks of one model look at. */
export interface Subject {
  readonly target: Target;
  readonly ask: Ask;
  /** What the server says of itself; asked once. */
  readonly discovery: () => Promise<Discovery>;
  /** The window that a launch counts with, in tokens, and who said so. */
  readonly window: () => Promise<{ readonly context?: number; readonly source: string }>;
  /** Tokens that the client's first request has, before the user has said anything. */
  readonly fixedPrompt: number;
  /** The first real request: several checks read it. */
  readonly greeting: () => Promise<Heard>;
}

/** The model as the server's list tells of it; undefined where it is in none. */
export async function listedModel({ target, discovery }: Pick<Subject, "target" | "discovery">): Promise<DiscoveredModel | undefined> {
  return modelIn(await discovery(), nameOf(target));
}

/** Milliseconds up to the model's first word, or to the end of an answer that has none. */
export const firstWordAfter = ({ firstToken, elapsed }: Heard): number => firstToken ?? elapsed;

/** Seconds with one place, for people. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** A count of tokens as people read it. */
export const count = (tokens: number): string => String(tokens).replace(/\B(?=(?:\d{3})+$)/g, ",");

export const say = (text: string) => [{ type: "text" as const, text }];

/** The first request of all: long enough to see a stream, short enough for any model. */
export function greet(ask: Ask): Promise<Heard> {
  return ask({
    turns: [{ role: "user", parts: say("Count from one to forty in words, separated by spaces. Say nothing else.") }],
    maxOutput: 256,
  });
}
