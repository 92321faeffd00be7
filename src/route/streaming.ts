import type { Quirks } from "../model/quirks.ts";

/** Whether a target is asked for a stream where the client asked for one or not. */
export function asksForStream({ streams }: Quirks, asked: boolean): boolean {
  return streams === undefined ? asked : streams === "always";
}
