import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { resolveProvider } from "../../config/index.ts";
import { createFolder, removeLeftOvers } from "../../launch/folder.ts";
import { type Ended, runClient } from "../../launch/run.ts";
import { openPort } from "../../proxy/incoming/port.ts";
import type { Provider, Target } from "../../route/target.ts";
import { createFigures } from "../../watch/figures.ts";
import { summaryOf } from "../../watch/summary.ts";
import { toAll } from "../../watch/to-all.ts";
import { randomIds } from "../ids.ts";
import type { Refusal } from "../refusal.ts";
import type { Closing } from "./closing.ts";
import { beforeLine, lateWindowLine } from "./lines.ts";
import type { Launch, LaunchPlan } from "./plan.ts";
import { beginsOn } from "./servers.ts";
import { openTraces } from "./trace.ts";
import { isOllama } from "./windows.ts";

/** Milliseconds in which a client is on its own way before fcc loads what answers it. Most that end sooner ask nothing. */
const headStart = 60;

/** Opens the port, starts the client and waits for its end. */
export async function runSession(
  plan: LaunchPlan,
  { line, loaded, resolved, output, started }: Launch,
  closing: Closing,
): Promise<Ended | { readonly refusal: Refusal }> {
  const { record, program, profile, ways, windows, ollama, late, secrets } = plan;
  const figures = createFigures();
  const note = (text: string) => figures.sink({ type: "notice", id: "", at: Date.now(), text });
  const token = randomBytes(32).toString("base64url");
  const bodies = line.options["trace-bodies"] === true;
  const traced = openTraces(loaded, { profile: profile.name, bodies, secrets: [...secrets, token] });
  if ("refusal" in traced) return traced;
  for (const trace of traced.traces) {
    closing.push(async () => {
      const problem = await trace.close();
      if (problem !== undefined) output.warn(`the trace ends early: ${problem}`);
    });
  }
  const written = traced.traces.map((trace) => trace.sink);
  const warmed = readsAhead(plan, resolved.warm)
    ? (await import("./warm.ts")).openWarming({
        reach: ways.reach,
        profile,
        cache: loaded.folders.cache,
        program: program.path,
        args: plan.args,
        sink: toAll(written),
      })
    : undefined;
  closing.push(() => warmed?.close());
  const proxied = {
    reach: warmed?.reach ?? ways.reach,
    ids: randomIds,
    clock: () => performance.timeOrigin + performance.now(),
    windowOf: (target: Target) => windows.of(target).context,
    listed: (provider: string) => windows.listed(provider),
    async renewSecrets(provider: Provider) {
      const renewed = await resolveProvider(loaded, provider.id, "refresh");
      return renewed.error ? { fault: renewed.error.lines.join(" ") } : renewed.provider;
    },
    token,
    traceBodies: bodies,
  };
  const port = await openPort(randomIds, async () => {
    const [{ answerWith }, fitted] = await Promise.all([import("../proxy.ts"), late]);
    for (const notice of fitted?.notices ?? []) note(notice);
    const served = fitted?.profile ?? profile;
    const watching = ollama === undefined ? [] : [ollama.watch(served, note)];
    return answerWith({ ...proxied, profile: served, sink: toAll([figures.sink, ...written, ...watching]) });
  });
  closing.push(() => port.close());
  removeLeftOvers(tmpdir());
  // A program that nobody knows takes all that it is told by its environment.
  const folder = record && createFolder(tmpdir());
  closing.push(() => folder?.remove());
  const prepared = plan.prepare({ proxy: { url: port.url, token }, folder: folder?.path ?? "" });
  for (const { name, content } of prepared.files) folder?.write(name, content);

  const main = beginsOn(profile.main, windows);
  const told = windows.of(main).context;
  output.say(beforeLine(line.command, profile, windows));
  ways.besides.handOver();
  // The client takes longer to start than the proxy takes to load.
  const begun = setTimeout(() => {
    port.warm();
    ways.reach.load();
    warmed?.begin();
  }, headStart);
  const running = runClient(
    {
      path: program.path,
      args: [...program.before, ...prepared.args],
      env: { ...process.env, ...prepared.env },
      ...(prepared.stdin === undefined ? {} : { stdin: prepared.stdin }),
      ...(prepared.dropped === undefined ? {} : { dropped: prepared.dropped }),
    },
    output.say,
  );
  started();
  const ended = await running;
  clearTimeout(begun);
  const tooLate = isOllama(main) ? undefined : lateWindowLine(main, told, plan.needed, windows);
  if (tooLate !== undefined) note(tooLate);
  const seen = figures.figures();
  const summary = summaryOf(seen);
  if (process.stderr.isTTY && summary !== undefined) output.say(summary);
  for (const notice of seen.notices) output.say(notice);
  return ended;
}

/**
 * Whether the server is made to read what the client will send: as the profile says, else where it keeps prompts and lets go of one that is
 * given up. A program that nobody knows, or one that starts no session, only where the profile says so.
 */
function readsAhead({ record, profile, late, needed }: LaunchPlan, asked: boolean | undefined): boolean {
  // A model that may yet get another window would be read into the one that it has now.
  if (late !== undefined) return false;
  return asked ?? (record !== undefined && needed > 0 && profile.main[0].provider.row.keepsPrompts === true);
}
