import { type Configuration, isQuiet, loadConfiguration } from "../../config/index.ts";
import { endLike } from "../../launch/run.ts";
import { rows } from "../../providers/index.ts";
import { createOutput } from "../output.ts";
import type { LaunchLine } from "../split.ts";
import { askForTrust, canAsk } from "../trust-question.ts";
import { asksModel } from "./asks-model.ts";
import { type Closing, closeAll } from "./closing.ts";
import { dryRunText } from "./dry-run.ts";
import { type Launch, planLaunch } from "./plan.ts";
import { type Profileless, profileFor, type ResolvedProfile } from "./profile-for.ts";
import { runSession } from "./session.ts";

/** One launch, from the command line to the client's end. Answers the exit code, or ends as the client ended. */
export async function launch(line: LaunchLine, started: () => void): Promise<number> {
  const { options } = line;
  const output = createOutput(isQuiet({ options, env: process.env }));
  for (const warning of line.warnings) output.warn(warning);

  const loaded = await loadConfiguration({ cwd: process.cwd(), env: process.env, rows, options, decide: askForTrust });
  if (loaded.error) return output.refuse(loaded.error);
  for (const notice of loaded.notices) output.say(notice);
  const found = await profileFor(loaded, process.env);
  // What asks no model (`--version`, `mcp list`) needs none.
  const needsNone = "refusal" in found && found.why !== "wrong" && !asksModel(line);
  const resolved = needsNone ? await standIn(loaded, found) : found;
  if ("refusal" in resolved) {
    const ask = resolved.why === "unconfigured" && canAsk() && options["dry-run"] !== true && options.yes !== true;
    // A named file stands for all others: what would be written would not count.
    if (!ask || options.config !== undefined || process.env["FCC_CONFIG"]) return output.refuse(resolved.refusal);
    const { init } = await import("../init/command.ts");
    const code = await init({ output, options: {} });
    return code === 0 ? launch(line, started) : code;
  }
  for (const notice of resolved.notices) output.say(notice);
  return runLaunch({ line, loaded, resolved, output, started });
}

/** The built-in profile in the place of one that cannot be run on, within the same boundary: it also tells the client what it may fetch. */
async function standIn(loaded: Configuration, { boundary }: Profileless): Promise<ResolvedProfile | Profileless> {
  const resolved = await profileFor({ ...loaded, choice: { name: "demo" } }, process.env);
  if ("refusal" in resolved || boundary === undefined) return resolved;
  return { ...resolved, profile: { ...resolved.profile, boundary } };
}

async function runLaunch(launched: Launch): Promise<number> {
  const closing: Closing = [];
  const ended = await start(launched, closing).finally(() => closeAll(closing));
  return typeof ended === "number" ? ended : endLike(ended);
}

async function start(launched: Launch, closing: Closing) {
  const { line, output } = launched;
  const plan = await planLaunch(launched, closing);
  if ("refusal" in plan) return output.refuse(plan.refusal);
  if (line.options["dry-run"] === true) {
    process.stdout.write(dryRunText(plan));
    return 0;
  }
  const ended = await runSession(plan, launched, closing);
  if ("refusal" in ended) return output.refuse(ended.refusal);
  return "notStarted" in ended ? output.fail([ended.notStarted], ended.code) : ended;
}
