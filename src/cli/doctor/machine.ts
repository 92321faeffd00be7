import { bad, doubt, type Finding, good, judgeClient, judgeNode, skipped, type VersionAnswer } from "../../checks/index.ts";
import type { Client } from "../../clients/client.ts";
import { type Configuration, type FileState, type Loaded, loadConfiguration } from "../../config/index.ts";
import { capture } from "../../launch/capture.ts";
import type { Program } from "../../launch/find.ts";
import type { Environment } from "../../model/environment.ts";
import { rows } from "../../providers/index.ts";
import { checkBoundary } from "../launch/boundary.ts";
import { type Profileless, profileFor, type ResolvedProfile } from "../launch/profile-for.ts";
import type { Refusal } from "../refusal.ts";
import type { LaunchOptions } from "../split.ts";
import type { Taken, Walk } from "./walk.ts";

const patience = 30_000;

interface Looking {
  readonly options: LaunchOptions;
  readonly client: Client;
  /** undefined: it is not installed. */
  readonly program: Program | undefined;
  readonly env: Environment;
}

/** What a launch would go on with, as far as it gets. */
interface Found {
  readonly configuration: Configuration | undefined;
  readonly resolved: ResolvedProfile | undefined;
}

/** The steps of a launch that need no network but a look round this machine. */
export async function lookRound(walk: Walk, { options, client, program, env }: Looking): Promise<Found> {
  const look = (id: string, title: string, run: () => Promise<Finding>) => walk.look([{ id, title, after: [], run }]);
  const step = (title: string, ...after: readonly string[]) => ({ id: title, title, after });
  await look("node", "Node", async () => judgeNode(process.version));
  const loaded = await walk.take(step("configuration"), options, (given) => readConfiguration(given, env));
  const configuration = await walk.take(step("trust", "configuration"), loaded, judgeTrust);
  await look("client", client.name, async () => judgeClient(client, program && (await askVersion(program, env))));
  const chosen = await walk.take(step("profile", "configuration", "trust"), configuration, (given) => chooseProfile(given, env));
  const resolved = await walk.take(step("key", "profile"), chosen, judgeKey);
  return { configuration, resolved };
}

/** A project's file that nobody trusts is told by the next step. */
async function readConfiguration(options: LaunchOptions, env: Environment): Promise<Taken<Loaded>> {
  const loaded = await loadConfiguration({ cwd: process.cwd(), env, rows, options });
  if (loaded.error?.about === "trust") return { finding: good("well-formed"), value: loaded };
  if (loaded.error) {
    const { lines, about, exitCode } = loaded.error;
    const todo = about === "form" ? "`fcc config schema` says what may stand there." : undefined;
    return { finding: bad(lines.join("\n"), todo), exitCode };
  }
  const files = (wanted: FileState["state"]) => loaded.files.flatMap(({ state, label }) => (state === wanted ? [label] : []));
  const seen = files("read").join(", ") || "no file; the built-in settings hold";
  const isUnread = files("not read").length > 0;
  const todo = isUnread ? "One file in a folder counts, in YAML or JSON: put into it what shall hold." : undefined;
  return { finding: withNotices(seen, loaded.notices, todo), value: loaded };
}

async function judgeTrust(loaded: Loaded): Promise<Taken<Configuration>> {
  if (loaded.error) {
    const { lines, exitCode } = loaded.error;
    return { finding: bad(lines.slice(0, -1).join("\n"), lines.at(-1)), exitCode };
  }
  const project = loaded.files.find(({ role }) => role === "project");
  const finding = project?.state === "read" ? good(`${project.label} is trusted`) : skipped("no file of a project counts here");
  return { finding, value: loaded };
}

async function askVersion({ path, before }: Program, env: Environment): Promise<VersionAnswer> {
  const { ok, stdout, stderr, ended = "" } = await capture({ path, args: [...before, "--version"], env, patience });
  return { program: [path, ...before].join(" "), ok, said: ok ? stdout.trim() : stderr.trim() || ended };
}

/** A key that is not there is told by the next step. */
async function chooseProfile(configuration: Configuration, env: Environment): Promise<Taken<ResolvedProfile | Profileless>> {
  const { choice } = configuration;
  const chosen = await profileFor(configuration, env);
  if ("refusal" in chosen) {
    const { refusal, why } = chosen;
    if (why === "keyless") return { finding: good(choice?.name ?? "the only one"), value: chosen };
    return why === "wrong" ? { finding: bad(refusal.lines.join("\n")), exitCode: refusal.exitCode } : refused(refusal);
  }
  const { profile, source, notices } = chosen;
  const outside = await checkBoundary(profile, env);
  if (outside) return refused(outside);
  // What was found where nothing is chosen says so itself.
  const finding = choice === undefined ? good(notices.join("; ")) : withNotices(`${profile.name} (${source})`, notices);
  return { finding, value: chosen };
}

/** A refusal of one sentence, and what to do. */
function refused({ lines: [sentence = "", ...todo], exitCode }: Refusal): Taken<never> {
  return { finding: bad(sentence, todo.join("\n")), exitCode };
}

async function judgeKey(chosen: ResolvedProfile | Profileless): Promise<Taken<ResolvedProfile>> {
  if ("refusal" in chosen) {
    const { lines, exitCode } = chosen.refusal;
    return { finding: bad(lines[0] ?? "no key", lines.slice(1).join(" ")), exitCode };
  }
  const [{ provider }] = chosen.profile.main;
  const finding = provider.keySource === undefined ? skipped(`${provider.id} is asked without one`) : good(`from ${provider.keySource}`);
  return { finding, value: chosen };
}

/** What a launch says besides is worth a look. */
function withNotices(seen: string, notices: readonly string[], todo?: string): Finding {
  return notices.length === 0 ? good(seen) : doubt([seen, ...notices].join("; "), todo);
}
