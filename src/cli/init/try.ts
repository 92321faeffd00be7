import { seconds, type ToolTry, tryToolCall } from "../../checks/index.ts";
import type { Scope } from "../../config/index.ts";
import type { Environment } from "../../model/environment.ts";
import type { WireName } from "../../model/opaque.ts";
import { allTargets } from "../../route/plan.ts";
import { type Profile, type Target, targetName } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";
import { onWire, openRehearsal } from "../rehearsal.ts";
import { type Prepared, prepare, type Work } from "./prepare.ts";
import type { Selection } from "./selection.ts";

/** What a choice came to when it was tried. */
interface Verdict {
  /** "stops": a launch on it would fail; "doubts": it answers, but an agent would not get far. */
  readonly state: "works" | "doubts" | "stops";
  readonly line: string;
}

/** The file that a selection makes, after a real request to each model; where the main one answers on another wire only, that one is written. */
export async function prepareTried(
  work: Work,
  selection: Selection,
  scope: Scope,
): Promise<(Prepared & { readonly verdicts: readonly Verdict[] }) | { readonly refusal: Refusal }> {
  const { env } = work.base;
  const prepared = await prepare(work, selection, scope);
  if ("refusal" in prepared) return prepared;
  const verdicts = await tryProfile(prepared.profile, env);
  const { provider } = prepared.profile.main[0];
  if (verdicts[0]?.state !== "stops" || Object.keys(provider.speaks).length < 2) return { ...prepared, verdicts };
  const via = await otherWire(prepared.profile, env);
  // By none: the wire that the server does have says why, and a launch goes on to it.
  if (via === undefined) return { ...prepared, verdicts: await tryProfile(prepared.profile, env, { fixedWires: false }) };
  const providers = { ...selection.providers, [provider.id]: { ...selection.providers[provider.id], via } };
  const again = await prepare(work, { ...selection, providers }, scope);
  return "refusal" in again ? again : { ...again, verdicts: await tryProfile(again.profile, env) };
}

/** One real request to each model of a profile, through the same proxy as a launch. */
async function tryProfile(profile: Profile, env: Environment, { fixedWires } = { fixedWires: true }): Promise<readonly Verdict[]> {
  const rehearsal = await openRehearsal(profile, env);
  try {
    const verdicts: Verdict[] = [];
    // One after the other: a server with one model in memory would change it to and fro.
    for (const target of allTargets(rehearsal.profile))
      verdicts.push(verdictOf(target, await tryToolCall(rehearsal.ask(target, { fixedWires }))));
    return verdicts;
  } finally {
    await rehearsal.close();
  }
}

/** The wire on which a target answers, where the one that a launch would take does not: an older server may lack one of its kind's. */
async function otherWire(profile: Profile, env: Environment): Promise<WireName | undefined> {
  const rehearsal = await openRehearsal(profile, env);
  try {
    const [target] = rehearsal.profile.main;
    for (const wire of Object.keys(target.provider.speaks) as WireName[]) {
      if (verdictOf(target, await tryToolCall(rehearsal.ask(onWire(target, wire), { fixedWires: true }))).state !== "stops") return wire;
    }
    return undefined;
  } finally {
    await rehearsal.close();
  }
}

function verdictOf(target: Target, { heard, said, called, usable }: ToolTry): Verdict {
  const name = targetName(target);
  const after = seconds(heard.elapsed);
  if (heard.failure !== undefined) return { state: "stops", line: failureLine(target, heard) };
  if (called === "of itself" && usable) return { state: "works", line: `${name} answered in ${after}, with a tool call` };
  if (called === "of itself") return { state: "doubts", line: `${name} called a tool, but its arguments were lost` };
  if (called === "forced") return { state: "works", line: `${name} answered in ${after}; it calls tools when told to` };
  if (said.text === "" && said.thinking === "") return { state: "doubts", line: `${name} answered with nothing` };
  return { state: "doubts", line: `${name} answered in ${after}, but called no tool: an agent cannot work without` };
}

/** Many servers say no more than "Not Found": who was asked, and where, is said beside it. */
function failureLine(target: Target, { failure, seen }: ToolTry["heard"]): string {
  const message = failure?.message ?? "";
  const url = seen.at(-1)?.url;
  if (message.includes(target.provider.id)) return message;
  return `${targetName(target)} failed${url === undefined ? "" : ` at ${url}`}: ${message}`;
}
