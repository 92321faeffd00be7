import type { Client } from "../clients/client.ts";
import type { Fact } from "../model/fact.ts";
import type { Target } from "../route/target.ts";
import { type Finding, findingsOn } from "./finding.ts";

/** The task that the agent is given, small enough for any model that calls tools. */
export const agentTask = "Create the file hello.txt in the current folder. It holds the word hello and nothing else. Do nothing more.";

/** What the agent did with it. */
export interface TaskOutcome {
  readonly client: Client;
  readonly target: Target;
  /** What the proxy reported meanwhile. */
  readonly facts: readonly Fact[];
  /** Its standard output, and its standard error. */
  readonly said: string;
  readonly complained: string;
  /** How the client ended, if not well. */
  readonly ended: string | undefined;
  /** The content of hello.txt; undefined: there is none. */
  readonly written: string | undefined;
  /** The command, for people. */
  readonly sent: string;
}

/** Judges the real client on the real model by what it left behind. */
export function judgeAgentTask({ client, target, facts, said, complained, ended, written, sent }: TaskOutcome): Finding {
  const { good, doubt, bad } = findingsOn(sent);
  const requests = facts.filter(({ type }) => type === "request").length;
  const failed = facts.findLast((fact) => fact.type === "failed");
  if (written !== undefined && /^\s*"?hello[."!]?\s*$/i.test(written)) return good(`hello.txt holds the word, after ${requests} requests`);
  if (written !== undefined)
    return doubt(`hello.txt holds ${JSON.stringify(written.slice(0, 60))}`, "A larger model follows instructions better.");
  const words = lastLine(said) ?? lastLine(complained) ?? "it said nothing";
  if (requests === 0)
    return bad(`it sent no request: ${words} (${ended ?? "ended well"})`, `Run \`fcc ${client.id}\` to see what it asks.`);
  if (failed?.type === "failed") return bad(`no hello.txt: ${failed.failure.message}`);
  if (target.provider.row.kind === "demo") return good(`it works with the stand-in, which does no task: ${words}`);
  return doubt(
    `no hello.txt after ${requests} requests (${ended ?? "it ended well"}): ${words}`,
    "Everything works but the model does not do the task: choose a larger one.",
  );
}

function lastLine(text: string): string | undefined {
  return text.trim().split("\n").at(-1)?.slice(0, 160) || undefined;
}
