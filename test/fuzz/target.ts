import type { Random } from "./random.ts";

/** One thing that reads what others wrote. Every input comes from its seed alone, so that a finding can be had again. */
export interface Target<Input = unknown> {
  readonly name: string;
  /** How many of a thousand inputs it gets. */
  readonly share: number;
  /** How many are under way at once; for what waits for sockets and files. */
  readonly atOnce?: number;
  open?(): Promise<void>;
  make(random: Random): Input;
  /** What is wrong, if anything; an exception is wrong too. */
  check(input: Input): string | undefined | Promise<string | undefined>;
  show(input: Input): string;
  close?(): Promise<void>;
}
