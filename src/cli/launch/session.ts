import { randomBytes } from "node:crypto";
import { type Ended, runClient } from "../../launch/run.ts";
import type { Sink } from "../../model/fact.ts";
import { createFigures, type Figures } from "../../watch/figures.ts";
import { summaryOf } from "../../watch/summary.ts";
import type { Refusal } from "../refusal.ts";
import { asksModel } from "./asks-model.ts";
import type { Closing } from "./closing.ts";
import { beforeLine, lateWindowLine } from "./lines.ts";
import type { Launch, LaunchPlan } from "./plan.ts";
import { beginsOn } from "./servers.ts";
import { openAnswers } from "./session/answers.ts";
import { clientCommand } from "./session/client-command.ts";
import { openTraces } from "./session/trace.ts";
import type { Warming } from "./session/warm.ts";
import { isOllama } from "./windows.ts";

/** Milliseconds that a client starts undisturbed before fcc loads what answers it. Most clients that end sooner send no request. */
const headStart = 60;

/** Opens the port, starts the client and waits until it ends. */
export async function runSession(plan: LaunchPlan, launch: Launch, closing: Closing): Promise<Ended | { readonly refusal: Refusal }> {
  const { line, loaded, output } = launch;
  const { profile, backends, windows } = plan;
  const token = randomBytes(32).toString("base64url");
  const figures = createFigures();
  const note = (text: string) => figures.sink({ type: "notice", id: "", at: Date.now(), text });

  const traceBodies = line.options["trace-bodies"] === true;
  const traces = openTraces(loaded, { profile: profile.name, bodies: traceBodies, secrets: [...plan.secrets, token] });
  if ("refusal" in traces) return traces;
  closing.push(async () => {
    for (const problem of await traces.close()) output.warn(problem);
  });
  const warming = readsAhead(plan, launch) ? await warmingOf(plan, launch, traces.sink) : undefined;
  closing.push(() => warming?.close());
  const reach = warming?.reach ?? backends.reach;
  const port = await openAnswers(plan, loaded, { token, reach, traceBodies, sinks: [figures.sink, traces.sink], note });
  closing.push(() => port.close());
  const command = clientCommand(plan, { url: port.url, token }, closing);

  const main = beginsOn(profile.main, windows);
  if (asksModel(line)) output.say(beforeLine(line.command, profile, windows));
  // The client takes longer to start than the proxy takes to load.
  const begun = setTimeout(() => {
    port.warm();
    backends.reach.load();
    warming?.begin();
  }, headStart);
  const running = runClient(command, output.say);
  launch.started();
  const ended = await running;
  clearTimeout(begun);

  const tooLate = isOllama(main) ? undefined : lateWindowLine(main, plan.models.main.context, plan.needed, windows);
  if (tooLate !== undefined) note(tooLate);
  for (const said of afterLines(figures.figures())) output.say(said);
  return ended;
}

/**
 * Whether the server processes ahead of time what the client will send. As the profile says; otherwise only for a known client that starts a
 * session, on a server that caches prompts and stops processing when a request is aborted.
 */
function readsAhead({ record, profile, late, needed }: LaunchPlan, { resolved: { warm } }: Launch): boolean {
  // The model may yet be loaded anew with another window, and would lose what it had processed.
  if (late !== undefined) return false;
  return warm ?? (record !== undefined && needed > 0 && profile.main[0].provider.row.keepsPrompts === true);
}

async function warmingOf({ profile, program, args, backends }: LaunchPlan, { loaded }: Launch, sink: Sink): Promise<Warming> {
  const { openWarming } = await import("./session/warm.ts");
  return openWarming({ reach: backends.reach, profile, cache: loaded.folders.cache, program: program.path, args, sink });
}

/** On a terminal a summary of the session; the notices in any case. */
function afterLines(seen: Figures): readonly string[] {
  const summary = process.stderr.isTTY ? summaryOf(seen) : undefined;
  return [...(summary === undefined ? [] : [summary]), ...seen.notices];
}
