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
import { once } from "./once.ts";

const patience = 30_000;

export interface MachineOptions {
  readonly options: LaunchOptions;
  readonly client: Client;
  /** undefined: it is not installed. */
  readonly program: Program | undefined;
  readonly env: Environment;
}

/** What a launch would go on with. */
export interface Found {
  readonly configuration?: Configuration | undefined;
  readonly resolved?: ResolvedProfile | undefined;
  /** The command line or a file is wrong. */
  readonly wrong?: boolean | undefined;
}

/** Everything that needs no network but a look round this machine: its checks, and what there was. */
export function lookRound({ options, client, program, env }: MachineOptions): {
  readonly checks: readonly Check[];
  found(): Promise<Found>;
} {
  const configured = once(() => findConfiguration(options, env));
  const profiled = once(async () => findProfile((await configured()).configuration, env));
  return {
    checks: [
      { id: "node", title: "Node", after: [], run: async () => judgeNode(process.version) },
      { id: "configuration", title: "configuration", after: [], run: async () => (await configured()).finding },
      { id: "trust", title: "trust", after: ["configuration"], run: async () => judgeTrust(await configured()) },
      { id: "client", title: client.name, after: [], run: async () => judgeClient(client, program && (await askVersion(program, env))) },
      { id: "profile", title: "profile", after: ["configuration", "trust"], run: async () => (await profiled()).finding },
      { id: "key", title: "key", after: ["profile"], run: async () => judgeKey(await profiled()) },
    ],
    async found() {
      const [{ configuration, ...before }, { resolved, ...after }] = [await configured(), await profiled()];
      return { configuration, resolved, wrong: before.wrong ?? after.wrong };
    },
  };
}

interface Configured extends Pick<Found, "configuration" | "wrong"> {
  readonly finding: Finding;
  /** What a project's file would set that nobody trusts; the last line is what to do. */
  readonly untrusted?: readonly string[];
}

interface Profiled extends Pick<Found, "resolved" | "wrong"> {
  readonly finding: Finding;
  /** Why the profile has no key, and what to do. */
  readonly keyless?: readonly string[];
}

async function findConfiguration(options: LaunchOptions, env: Environment): Promise<Configured> {
  let asked = false;
  const decide = () => {
    asked = true;
    return undefined;
  };
  const loaded = await loadConfiguration({ cwd: process.cwd(), env, rows, options, decide });
  if (loaded.error && asked) return { finding: good("well-formed"), untrusted: loaded.error.lines };
  if (loaded.error) {
    const { lines, inFiles } = loaded.error;
    return { finding: bad(lines.join("\n"), inFiles && "`fcc config schema` says what may stand there."), wrong: true };
  }
  const files = (wanted: FileState["state"]) => loaded.files.flatMap(({ state, label }) => (state === wanted ? [label] : []));
  const seen = files("read").join(", ") || "no file; the built-in settings hold";
  const isUnread = files("not read").length > 0;
  const todo = isUnread ? "One file in a folder counts, in YAML or JSON: put into it what shall hold." : undefined;
  return { finding: withNotices(seen, loaded.notices, todo), configuration: loaded };
}

function judgeTrust({ untrusted, configuration }: Configured): Finding {
  if (untrusted !== undefined) return bad(untrusted.slice(0, -1).join("\n"), untrusted.at(-1));
  const project = configuration?.files.find(({ role }) => role === "project");
  return project?.state === "read" ? good(`${project.label} is trusted`) : skipped("no file of a project counts here");
}

async function askVersion({ path, before }: Program, env: Environment): Promise<VersionAnswer> {
  const { ok, stdout, stderr, ended = "" } = await capture({ path, args: [...before, "--version"], env, patience });
  return { program: [path, ...before].join(" "), ok, said: ok ? stdout.trim() : stderr.trim() || ended };
}

async function findProfile(configuration: Configuration | undefined, env: Environment): Promise<Profiled> {
  if (configuration === undefined) return { finding: bad("there is no configuration") };
  const resolved = await resolveProfile(configuration);
  const profile = resolved.error ? resolved.incomplete : resolved.nothing ? undefined : resolved.profile;
  const outside = profile && (await checkBoundary(profile, env));
  if (outside) return { finding: bad(outside.lines[0] ?? "outside the boundary", outside.lines[1]), wrong: true };
  if (resolved.error) {
    const { lines } = resolved.error;
    if (resolved.keyless) return { finding: good(configuration.choice?.name ?? "the only one"), keyless: lines };
    return { finding: bad(lines.join("\n")), wrong: true };
  }
  if (resolved.nothing) return findServer(configuration, env);
  return { finding: withNotices(`${resolved.profile.name} (${resolved.source})`, resolved.notices), resolved };
}

/** What a launch runs on where nothing is configured. */
async function findServer(configuration: Configuration, env: Environment): Promise<Profiled> {
  const nothing = await import("../nothing-configured.ts");
  const found = await nothing.findProfile(configuration, env);
  if (found.refusal) {
    const [sentence = "", ...todo] = found.refusal.lines;
    return { finding: bad(sentence, todo.join("\n")) };
  }
  return { finding: good(found.line), resolved: found.resolved };
}

function judgeKey({ keyless, resolved }: Profiled): Finding {
  if (keyless !== undefined) return bad(keyless[0] ?? "no key", keyless.slice(1).join(" ") || undefined);
  const provider = resolved?.profile.main[0].provider;
  if (provider === undefined) return skipped("no provider");
  return provider.keySource === undefined ? skipped(`${provider.id} is asked without one`) : good(`from ${provider.keySource}`);
}

/** What a launch says besides is worth a look. */
function withNotices(seen: string, notices: readonly string[], todo?: string): Finding {
  return notices.length === 0 ? good(seen) : doubt([seen, ...notices].join("; "), todo);
}
