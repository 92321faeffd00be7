import { randomBytes } from "node:crypto";
import {
  abortCheck,
  type Check,
  greet,
  type Heard,
  judgeToolCall,
  longPromptChecks,
  refusedCheck,
  type Subject,
  servedChecks,
  streamingChecks,
  toolChecks,
  tryToolCall,
  turnChecks,
  viaCheck,
  wayChecks,
  wiresCheck,
} from "../../checks/index.ts";
import type { Client } from "../../clients/client.ts";
import { shellWords } from "../../config/shell-words.ts";
import { discover, windowIn } from "../../discover/index.ts";
import type { Environment } from "../../model/environment.ts";
import type { WireName } from "../../model/opaque.ts";
import { wiresOf } from "../../providers/index.ts";
import { traceWay } from "../../reach/trace.ts";
import { chooseWire } from "../../route/choose-wire.ts";
import { allTargets } from "../../route/plan.ts";
import { refusedBy } from "../../route/refused-by.ts";
import { nameOf, type Profile, type Target, targetName } from "../../route/target.ts";
import { addressOf } from "../launch/lines.ts";
import type { Windows } from "../launch/windows.ts";
import { onWire, type Rehearsal } from "../rehearsal.ts";
import { once } from "./once.ts";

/** The steps to the server of a model. */
export function wayTo(target: Target, { profile: { boundary }, forward }: Rehearsal, env: Environment): readonly Check[] {
  const { provider } = target;
  const { via } = provider;
  const url = new URL(addressOf(target));
  const trace = async () => {
    const forwarded = via === undefined ? undefined : await forward(provider);
    const port = forwarded === undefined || forwarded.failure ? {} : { forwarded: forwarded.port };
    return traceWay({ provider, url, env, ...port, boundary });
  };
  return [...(via === undefined ? [] : [viaCheck(shellWords(via.command), () => forward(provider))]), ...wayChecks(once(trace))];
}

interface Models {
  readonly profile: Profile;
  readonly windows: Windows;
  readonly rehearsal: Rehearsal;
  readonly client: Client;
}

/** What the model is asked that a launch begins on, and one question for every other model of the profile. */
export function modelChecks(target: Target, { profile, windows, rehearsal, client }: Models): readonly Check[] {
  const ask = rehearsal.ask(target);
  const heard: Heard[] = [];
  const listening: Subject["ask"] = async (request, options) => {
    const one = await ask(request, options);
    heard.push(one);
    return one;
  };
  const discovery = once(() => discover(target.provider, rehearsal.reach, { models: [nameOf(target)] }));
  const subject: Subject = {
    target,
    ask: listening,
    discovery,
    // A server far away may answer later than a launch waits for it.
    async window() {
      const soon = windows.of(target);
      return soon.context === undefined ? windowIn(target, await discovery()) : soon;
    },
    greeting: once(() => greet(listening)),
    fixedPrompt: client.fixedPrompt([]),
  };
  const inUse = chooseWire({ target, quirks: target.quirks }, "messages", {}).wire;
  const served = wiresOf(target.provider.row, target.model);
  const spoken = (Object.keys(target.provider.speaks) as WireName[])
    .filter((wire) => served.length === 0 || served.includes(wire))
    .map((wire) => ({ wire, ask: rehearsal.ask(onWire(target, wire), { fixedWires: true }) }));
  return [
    ...servedChecks(subject),
    ...streamingChecks(subject),
    ...(spoken.length > 1 ? [wiresCheck(spoken, inUse)] : []),
    ...toolChecks(subject),
    ...turnChecks(subject),
    abortCheck(subject),
    ...longPromptChecks(subject, randomBytes(6).toString("hex")),
    refusedCheck(() => refusedFields(target, inUse, heard)),
    ...allTargets(profile)
      .filter((other) => targetName(other) !== targetName(target))
      .map((other) => otherCheck(other, rehearsal)),
  ];
}

function otherCheck(target: Target, rehearsal: Rehearsal): Check {
  return {
    id: `target ${targetName(target)}`,
    title: targetName(target),
    after: [],
    async run() {
      const finding = judgeToolCall(await tryToolCall(rehearsal.ask(target)));
      // A launch goes on without it.
      return finding.state === "bad" ? { ...finding, state: "doubt" } : finding;
    },
  };
}

/** What one model refuses and its neighbour at the same provider takes: written down for the provider it would take thinking from all. */
const ofTheModel = /^(?:reasoning|think|enable_thinking|chat_template_kwargs)/;

/** The fields that came back refused and were then left out. */
function refusedFields(target: Target, wire: WireName, heard: readonly Heard[]): readonly string[] {
  const facts = heard.flatMap((one) => one.facts);
  const native = facts.find((fact) => fact.type === "attempt")?.native === true;
  const attempt = { target, quirks: target.quirks };
  const asked = {
    attempt,
    wire,
    client: "messages",
    audience: "agent",
    sent: native ? "bytes" : "translated",
    has: () => false,
    forms: 0,
  } as const;
  const fields = facts.flatMap((fact) => (fact.type === "failed" ? (refusedBy(fact.failure, asked)?.refusedFields ?? []) : []));
  return [...new Set(fields)].filter((field) => !ofTheModel.test(field));
}
