import type { Client, Prepared, Start } from "../../clients/client.ts";
import type { Configuration } from "../../config/index.ts";
import type { Program } from "../../launch/find.ts";
import { allTargets } from "../../route/plan.ts";
import { secretsIn } from "../../route/secrets.ts";
import type { Profile } from "../../route/target.ts";
import type { Output } from "../output.ts";
import type { Refusal } from "../refusal.ts";
import type { LaunchLine } from "../split.ts";
import { asksModel } from "./asks-model.ts";
import { type Backends, openBackends } from "./backends.ts";
import { checkBoundary } from "./boundary.ts";
import { clientModels } from "./client-models.ts";
import type { Closing } from "./closing.ts";
import { invocationOf } from "./invocation.ts";
import type { Fitted } from "./ollama/fit.ts";
import type { FittedSoFar, OllamaLaunch } from "./ollama.ts";
import { preparing } from "./preparing.ts";
import type { ResolvedProfile } from "./profile-for.ts";
import { makeRoom } from "./room.ts";
import { beginsOn } from "./servers.ts";
import { settleProfile } from "./settle.ts";
import { windowMemory } from "./window-memory.ts";
import { askWindows, isOllama, type Windows } from "./windows.ts";

/** A launch as it was asked for, and the profile that it runs on. */
export interface Launch {
  readonly line: LaunchLine;
  readonly loaded: Configuration;
  readonly resolved: ResolvedProfile;
  readonly output: Output;
  /** Called when the client has been started. */
  readonly started: () => void;
}

/** Everything that is decided before a port is open: what the client runs on, and how it is started. */
export interface LaunchPlan {
  /** Undefined for `fcc run`, whose program has no record. */
  readonly record: Client | undefined;
  readonly program: Program;
  /** The client's own arguments, and those that make it fit a small window. */
  readonly args: readonly string[];
  /** The profile at the addresses of this launch, with what the servers said of their models. */
  readonly profile: Profile;
  readonly backends: Backends;
  readonly windows: Windows;
  readonly ollama: OllamaLaunch | undefined;
  /** The profile once slow servers have answered, where there are any. */
  readonly late: Promise<Fitted> | undefined;
  readonly models: Start["models"];
  /** The context window that the client needs, in tokens; zero where it starts no session. */
  readonly needed: number;
  /** All that must never be shown: keys, and headers that are not a row's own. */
  readonly secrets: readonly string[];
  /** The client's arguments, environment and files, without the variables from which keys were read. */
  prepare(place: Pick<Start, "proxy" | "folder">): Prepared;
}

/** Finds the client and asks the servers. Adds to `closing` what it opens. A dry run goes on after most of what would end a launch. */
export async function planLaunch(launched: Launch, closing: Closing): Promise<LaunchPlan | { readonly refusal: Refusal }> {
  const { line, loaded, resolved, output } = launched;
  const dry = line.options["dry-run"] === true;
  const asks = asksModel(line);
  // For `--version` or `mcp list` no server is started, and none has to be up.
  const idle = dry || !asks;
  const { cache } = loaded.folders;
  const env = process.env;

  const outside = asks ? await checkBoundary(resolved.profile, env) : undefined;
  if (outside) return { refusal: outside };
  const invocation = await invocationOf(launched);
  if ("refusal" in invocation) return invocation;
  const { record, program, extra, needed } = invocation;

  const backends = await openBackends(resolved.profile, { env, cache, needed, dry: idle, say: output.say });
  closing.push(() => backends.close());
  if (backends.refusal) return { refusal: backends.refusal };

  const memory = windowMemory(cache);
  const windows = await askWindows(backends.profile, backends.reach, memory, { dry: idle });
  closing.push(() => memory.save());
  const settled = await settleProfile(backends.profile, windows, { needed, dry: idle });
  for (const notice of settled.notices) output.warn(notice);
  if (settled.refusal) return { refusal: settled.refusal };

  const onOllama = !idle && allTargets(settled.profile).some(isOllama);
  const ollama = onOllama ? (await import("./ollama.ts")).ollamaOf({ windows, needed, reach: backends.reach, cache }) : undefined;
  closing.push(() => ollama?.close());
  const fitted: FittedSoFar = ollama === undefined ? { profile: settled.profile, notices: [] } : await ollama.fit(settled.profile);
  for (const notice of fitted.notices) output.warn(notice);
  const { profile, late } = fitted;

  const room = makeRoom(record, { args: invocation.args, extra: extra.args }, beginsOn(profile.main, windows), windows);
  if (room.refusal && !dry) return { refusal: room.refusal };
  if (room.notice !== undefined) output.say(room.notice);
  const { args } = room;

  const models = clientModels(profile, windows);
  const hidden = loaded.merged.settings.clients?.[line.command]?.keepKeys === true ? [] : resolved.keyVariables;
  return {
    record,
    program,
    args,
    profile,
    backends,
    windows,
    ollama,
    late,
    models,
    needed,
    secrets: Object.values(profile.providers).flatMap(secretsIn),
    prepare: preparing(record, { profile, models, args, extra, hidden }),
  };
}
