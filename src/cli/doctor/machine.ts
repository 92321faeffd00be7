import { bad, type Check, doubt, type Finding, good, judgeClient, judgeNode, skipped, type VersionAnswer } from "../../checks/index.ts";
import type { Client } from "../../clients/client.ts";
import { type Configuration, type FileState, loadConfiguration, resolveProfile } from "../../config/index.ts";
import { capture } from "../../launch/capture.ts";
import type { Program } from "../../launch/find.ts";
import type { Environment } from "../../model/environment.ts";
import { rows } from "../../providers/index.ts";
import { checkBoundary } from "../launch/boundary.ts";
import type { ResolvedProfile } from "../launch/profile-for.ts";
import type { LaunchOptions } from "../split.ts";

const patience = 30_000;

/** What the checks of this machine found out on their way. */
export interface Ready {
  configuration?: Configuration;
  resolved?: ResolvedProfile;
  /** The command line or a file is wrong. */
  wrong?: true;
  /** What a project's file would set that nobody trusts; the last line is what to do. */
  untrusted?: readonly string[];
  /** Why the profile has no key, and what to do. */
  keyless?: readonly string[];
}

export interface MachineOptions {
  readonly options: LaunchOptions;
  readonly client: Client;
  /** undefined: it is not installed. */
  readonly program: Program | undefined;
  readonly env: Environment;
  /** Filled in as the checks run. */
  readonly ready: Ready;
}

/** Everything that needs no network but a look round this machine. */
export function machineChecks({ options, client, program, env, ready }: MachineOptions): readonly Check[] {
  return [
    { id: "node", title: "Node", after: [], run: async () => judgeNode(process.version) },
    { id: "configuration", title: "configuration", after: [], run: () => findConfiguration(options, env, ready) },
    { id: "trust", title: "trust", after: ["configuration"], run: async () => judgeTrust(ready) },
    { id: "client", title: client.name, after: [], run: async () => judgeClient(client, program && (await askVersion(program, env))) },
    { id: "profile", title: "profile", after: ["configuration", "trust"], run: () => findProfile(env, ready) },
    { id: "key", title: "key", after: ["profile"], run: async () => judgeKey(ready) },
  ];
}

async function findConfiguration(options: LaunchOptions, env: Environment, ready: Ready): Promise<Finding> {
  let asked = false;
  const decide = () => {
    asked = true;
    return undefined;
  };
  const loaded = await loadConfiguration({ cwd: process.cwd(), env, rows, options, decide });
  if (loaded.error && asked) {
    ready.untrusted = loaded.error.lines;
    return good("well-formed");
  }
  if (loaded.error) {
    ready.wrong = true;
    return bad(loaded.error.lines.join("\n"), "`fcc config schema` says what may stand there.");
  }
  ready.configuration = loaded;
  const files = (wanted: FileState["state"]) => loaded.files.flatMap(({ state, label }) => (state === wanted ? [label] : []));
  const seen = files("read").join(", ") || "no file; the built-in settings hold";
  const isUnread = files("not read").length > 0;
  return withNotices(seen, loaded.notices, isUnread ? "One file in a folder counts: put into it what shall hold." : undefined);
}

function judgeTrust({ untrusted, configuration }: Ready): Finding {
  if (untrusted !== undefined) return bad(untrusted.slice(0, -1).join("\n"), untrusted.at(-1));
  const project = configuration?.files.find(({ role }) => role === "project");
  return project?.state === "read" ? good(`${project.label} is trusted`) : skipped("no file of a project counts here");
}

async function askVersion({ path, before }: Program, env: Environment): Promise<VersionAnswer> {
  const { ok, stdout, stderr, ended = "" } = await capture({ path, args: [...before, "--version"], env, patience });
  return { program: [path, ...before].join(" "), ok, said: ok ? stdout.trim() : stderr.trim() || ended };
}

async function findProfile(env: Environment, ready: Ready): Promise<Finding> {
  const { configuration } = ready;
  if (configuration === undefined) return bad("there is no configuration");
  const resolved = await resolveProfile(configuration);
  const profile = resolved.error ? resolved.incomplete : resolved.nothing ? undefined : resolved.profile;
  const outside = profile && (await checkBoundary(profile, env));
  if (outside) {
    ready.wrong = true;
    return bad(outside.lines[0] ?? "outside the boundary", outside.lines[1]);
  }
  if (resolved.error) {
    const { lines } = resolved.error;
    if (resolved.keyless) {
      ready.keyless = lines;
      return good(configuration.choice?.name ?? "the only one");
    }
    ready.wrong = true;
    return bad(lines.join("\n"));
  }
  if (resolved.nothing) return findServer(configuration, env, ready);
  ready.resolved = resolved;
  return withNotices(`${resolved.profile.name} (${resolved.source})`, resolved.notices);
}

/** What a launch runs on where nothing is configured. */
async function findServer(configuration: Configuration, env: Environment, ready: Ready): Promise<Finding> {
  const nothing = await import("../nothing-configured.ts");
  const found = await nothing.findProfile(configuration, env);
  if (found.refusal) return bad(found.refusal.lines[0] ?? "nothing is configured", "Start a model server, or `fcc init`.");
  ready.resolved = found.resolved;
  return good(found.line);
}

function judgeKey({ keyless, resolved }: Ready): Finding {
  if (keyless !== undefined) return bad(keyless[0] ?? "no key", keyless.slice(1).join(" ") || undefined);
  const provider = resolved?.profile.main[0].provider;
  if (provider === undefined) return skipped("no provider");
  return provider.keySource === undefined ? skipped(`${provider.id} is asked without one`) : good(`from ${provider.keySource}`);
}

/** What a launch says besides is worth a look. */
function withNotices(seen: string, notices: readonly string[], todo?: string): Finding {
  return notices.length === 0 ? good(seen) : doubt([seen, ...notices].join("; "), todo);
}
