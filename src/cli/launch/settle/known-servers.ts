import { rootOf } from "../../../discover/address.ts";
import { rows } from "../../../providers/index.ts";
import { allTargets } from "../../../route/plan.ts";
import type { Profile, Provider, Target } from "../../../route/target.ts";
import type { Windows } from "../windows.ts";

/**
 * A server that the configuration names by its address alone, and that says what it is. Of Ollama's window nothing is known then: it cuts a
 * prompt that is longer without a word. One whose list has the window, or whose target has, loses little.
 */
export function noteKnownServers(profile: Profile, windows: Windows): { readonly notices: readonly string[] } {
  const isPlain = ({ provider, ...target }: Target) =>
    Object.keys(provider.row.speaks).length === 0 && windows.of({ provider, ...target }).context === undefined;
  const said = new Map<string, string>();
  for (const target of allTargets(profile).filter(isPlain)) {
    const row = rows[windows.of(target).discovery?.row ?? ""];
    if (row !== undefined) said.set(target.provider.id, noticeOf(target.provider, row.id, row.name));
  }
  return { notices: [...said.values()] };
}

function noticeOf(provider: Provider, row: string, name: string): string {
  const { id, source } = provider;
  const as = `${id}: { extends: ${row}, baseUrl: "${rootOf(provider)}" }`;
  return `${id} (${source}) is ${name}: written as \`${as}\`, its window is asked for, and its faults are known.`;
}
