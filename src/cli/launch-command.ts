import { randomBytes } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import type { Prepared, Start } from "../clients/client.ts";
import { clientNamed } from "../clients/index.ts";
import { prepareRun } from "../clients/run.ts";
import { type Configuration, loadConfiguration, resolveProvider } from "../config/index.ts";
import { createFolder, removeLeftOvers } from "../launch/folder.ts";
import { endLike, runClient } from "../launch/run.ts";
import type { Sink } from "../model/fact.ts";
import { rows } from "../providers/index.ts";
import { openPort } from "../proxy/port.ts";
import { known } from "../route/plan.ts";
import type { Provider, Target } from "../route/target.ts";
import { createFigures } from "../watch/figures.ts";
import { toAll } from "../watch/pipe.ts";
import { summaryOf } from "../watch/summary.ts";
import { randomIds } from "./ids.ts";
import { fitAbilities } from "./launch-abilities.ts";
import { checkBoundary, checkServers } from "./launch-checks.ts";
import { locate } from "./launch-client.ts";
import { beforeLine, dryRunText } from "./launch-lines.ts";
import { clientModels } from "./launch-models.ts";
import { checkModels } from "./launch-models-there.ts";
import { wholeNames } from "./launch-names.ts";
import { makeRoom, neededWindow } from "./launch-room.ts";
import { openTraces } from "./launch-trace.ts";
import { askWindows, isOllama, windowMemory } from "./launch-windows.ts";
import { createOutput, type Output } from "./output.ts";
import { profileFor, type ResolvedProfile } from "./profile-for.ts";
import { readText } from "./read-text.ts";
import { secretsOf } from "./secrets-of.ts";
import type { Split } from "./split.ts";
import { askForTrust, canAsk } from "./trust-question.ts";
import { openWays } from "./ways.ts";

type LaunchLine = Extract<Split, { kind: "launch" }>;

/** One launch, from the command line to the client's end. Answers the exit code, or ends as the client ended. */
export async function launch(line: LaunchLine): Promise<number> {
  const { options } = line;
  let quiet = options.quiet === true;
  const output = createOutput(() => quiet);
  for (const warning of line.warnings) output.warn(warning);

  const { profile: name, model, config, trace } = options;
  const loaded = await loadConfiguration({
    cwd: process.cwd(),
    env: process.env,
    rows,
    options: {
      ...(name === undefined ? {} : { profile: name }),
      ...(model === undefined ? {} : { model }),
      ...(config === undefined ? {} : { config }),
      ...(trace === undefined ? {} : { trace }),
      ...(quiet ? { quiet } : {}),
    },
    decide: askForTrust,
  });
  if (loaded.error) return refused(output, loaded.error);
  quiet = loaded.quiet;
  for (const notice of loaded.notices) output.say(notice);
  const resolved = await profileFor(loaded, output);
  if ("refusal" in resolved) {
    const ask = resolved.unconfigured === true && canAsk() && options["dry-run"] !== true && options.yes !== true;
    // A named file stands for all others: what would be written would not count.
    if (!ask || config !== undefined || process.env["FCC_CONFIG"]) return refused(output, resolved.refusal);
    const { init } = await import("./init-command.ts");
    const code = await init({ output, options: {} });
    return code === 0 ? launch(line) : code;
  }
  return runLaunch(line, loaded, resolved, output);
}

/** Milliseconds in which a client is on its own way before fcc loads what answers it. Most that end sooner ask nothing. */
const headStart = 60;

/** What has to be ended when the client has, the last first. */
type Closing = (() => unknown)[];

async function runLaunch(line: LaunchLine, loaded: Configuration, resolved: ResolvedProfile, output: Output): Promise<number> {
  const closing: Closing = [];
  try {
    const ended = await start(line, loaded, resolved, output, closing);
    for (const close of closing.splice(0).reverse()) await close();
    return typeof ended === "number" ? ended : endLike(ended);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function start(line: LaunchLine, loaded: Configuration, resolved: ResolvedProfile, output: Output, closing: Closing) {
  const { command, options } = line;
  const dry = options["dry-run"] === true;
  const record = clientNamed(command);
  const env = process.env;
  const outside = await checkBoundary(resolved.profile, env);
  if (outside) return refused(output, outside);

  const program = await locate(record, line, { env, home: homedir(), data: loaded.folders.data, dry, output });
  if ("refusal" in program) return refused(output, program.refusal);

  const settings = loaded.merged.settings.clients?.[command];
  const extra = { args: record ? (settings?.args ?? []) : [], env: settings?.env ?? {} };
  const needed = neededWindow(record, [...extra.args, ...program.args]);
  const ways = await openWays(resolved.profile, { env, cache: loaded.folders.cache, needed, dry, say: output.say });
  closing.push(() => ways.close());
  if (ways.refusal) return refused(output, ways.refusal);
  const { reach } = ways;
  let { profile } = ways;
  const memory = windowMemory(loaded.folders.cache);
  const windows = await askWindows(profile, reach, memory, { dry });
  closing.push(() => memory.save());
  const { refusal, notices } = checkServers(profile, windows);
  if (refusal && !dry) return refused(output, refusal);
  for (const notice of notices) output.warn(notice);
  const whole = await wholeNames(profile, windows);
  if (whole.refusal && !dry) return refused(output, whole.refusal);
  profile = whole.profile;
  const there = checkModels(profile, windows);
  if (there.refusal && !dry) return refused(output, there.refusal);
  for (const notice of there.notices) output.warn(notice);
  const able = fitAbilities(profile, windows);
  profile = able.profile;
  if (needed > 0) for (const notice of able.notices) output.warn(notice);
  const ollama =
    dry || !known(profile).some(isOllama)
      ? undefined
      : (await import("./launch-ollama.ts")).ollamaOf({ windows, needed, reach, cache: loaded.folders.cache });
  if (ollama !== undefined && needed > 0) {
    closing.push(() => ollama.close());
    const fitted = await ollama.fit(profile);
    for (const notice of fitted.notices) output.warn(notice);
    profile = fitted.profile;
  }
  const room = record ? makeRoom(record, { args: program.args, extra: extra.args }, profile.main[0], windows) : { args: program.args };
  if ("refusal" in room && !dry) return refused(output, room.refusal);
  const { args: own } = "refusal" in room ? program : room;
  if ("notice" in room && room.notice !== undefined) output.say(room.notice);

  const models = clientModels(profile, windows);
  const prepare = (place: Pick<Start, "proxy" | "folder">): Prepared =>
    (record?.prepare ?? prepareRun)({
      ...place,
      models,
      args: own,
      extra,
      env,
      read: readText,
      bounded: profile.boundary !== undefined,
    });
  // What fcc took keys from is fcc's to use, not the agent's commands'. What the record sets itself stays.
  const taken = settings?.keepKeys === true ? [] : resolved.keyVariables;
  const withoutKeys = (prepared: Prepared) => ({ ...Object.fromEntries(taken.map((variable) => [variable, undefined])), ...prepared.env });
  const secrets = secretsOf(Object.values(profile.providers));

  if (dry) {
    const folder = "<private folder>";
    const prepared = prepare({ proxy: { url: "http://127.0.0.1:<port>", token: "<token>" }, folder });
    const args = [...program.before, ...prepared.args];
    const { files } = prepared;
    const { planned } = ways;
    process.stdout.write(
      dryRunText({ command: program.path, args, env: withoutKeys(prepared), files, folder, secrets, profile, models, planned }),
    );
    return 0;
  }

  const figures = createFigures();
  const sinks: Sink[] = [figures.sink];
  const token = randomBytes(32).toString("base64url");
  const bodies = options["trace-bodies"] === true;
  const traced = openTraces(loaded, { profile: profile.name, bodies, secrets: [...secrets, token] });
  if ("refusal" in traced) return refused(output, traced.refusal);
  for (const trace of traced.traces) {
    sinks.push(trace.sink);
    closing.push(async () => {
      const problem = await trace.close();
      if (problem !== undefined) output.warn(`the trace ends early: ${problem}`);
    });
  }
  if (ollama) sinks.push(ollama.watch(profile, (text) => figures.sink({ type: "notice", id: "", at: Date.now(), text })));
  const { cache } = loaded.folders;
  // Without a word of the profile servers that keep prompts, and let go of one that is given up, are warmed.
  const warm = needed > 0 && record !== undefined ? resolved.warm : (resolved.warm ?? false);
  const warmed =
    (warm ?? profile.main[0].provider.row.keepsPrompts === true)
      ? (await import("./launch-warm.ts")).openWarming({
          reach,
          profile,
          cache,
          program: program.path,
          args: own,
          sink: toAll(traced.traces.map((trace) => trace.sink)),
        })
      : undefined;
  closing.push(() => warmed?.close());
  const proxied = {
    profile,
    reach: warmed?.reach ?? reach,
    sink: toAll(sinks),
    ids: randomIds,
    clock: () => performance.timeOrigin + performance.now(),
    windowOf: (target: Target) => windows.of(target).context,
    listed: (provider: string) => windows.listed(provider),
    async renewSecrets(provider: Provider) {
      const renewed = await resolveProvider(loaded, provider.id, "refresh");
      return renewed.error ? provider : renewed.provider;
    },
    token,
    traceBodies: bodies,
  };
  const port = await openPort(randomIds, async () => (await import("./launch-proxy.ts")).answerWith(proxied));
  closing.push(() => port.close());
  removeLeftOvers(tmpdir());
  // A program that nobody knows takes all that it is told by its environment.
  const folder = record && createFolder(tmpdir());
  closing.push(() => folder?.remove());
  const prepared = prepare({ proxy: { url: port.url, token }, folder: folder?.path ?? "" });
  for (const { name, content } of prepared.files) folder?.write(name, content);

  output.say(beforeLine(command, profile, windows));
  // The client takes longer to start than the proxy takes to load.
  ways.besides.handOver();
  const started = setTimeout(() => {
    port.warm();
    warmed?.begin();
  }, headStart);
  const ended = await runClient(
    {
      path: program.path,
      args: [...program.before, ...prepared.args],
      env: { ...env, ...withoutKeys(prepared) },
      ...(prepared.stdin === undefined ? {} : { stdin: prepared.stdin }),
      ...(prepared.dropped === undefined ? {} : { dropped: prepared.dropped }),
    },
    output.say,
  );
  clearTimeout(started);
  const { notices: seen, ...counted } = figures.figures();
  const summary = summaryOf({ ...counted, notices: seen });
  if (process.stderr.isTTY && summary !== undefined) output.say(summary);
  for (const notice of seen) output.say(notice);
  if ("notStarted" in ended) return refused(output, { exitCode: ended.code, lines: [ended.notStarted] });
  return ended;
}

function refused(output: Output, { exitCode, lines }: { readonly exitCode: number; readonly lines: readonly string[] }): number {
  output.fail(lines);
  return exitCode;
}
