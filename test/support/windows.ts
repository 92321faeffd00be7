import type { Windows } from "../../src/cli/launch/windows.ts";

/** What servers said, with nothing that comes late. */
export function windowsOf(of: Windows["of"], over: Partial<Windows> = {}): Windows {
  return { of, learn: () => {}, ask: async () => {}, late: () => undefined, listed: () => undefined, ...over };
}
