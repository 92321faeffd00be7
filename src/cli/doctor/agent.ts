import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentTask, bad, type Check, judgeAgentTask, skipped } from "../../checks/index.ts";
import type { Client } from "../../clients/client.ts";
import { shellWords } from "../../config/shell-words.ts";
import { capture } from "../../launch/capture.ts";
import type { Program } from "../../launch/find.ts";
import { createFolder, type PrivateFolder, removeLeftOvers } from "../../launch/folder.ts";
import type { Fact } from "../../model/fact.ts";
import type { Reach } from "../../reach/reach.ts";
import type { Profile, Target } from "../../route/target.ts";
import { makeFolder } from "../../system/make-folder.ts";
import { clientModels } from "../launch/client-models.ts";
import { type Closing, closeAll } from "../launch/closing.ts";
import { preparing } from "../launch/preparing.ts";
import { makeRoom } from "../launch/room.ts";
import { clientCommand } from "../launch/session/client-command.ts";
import type { Windows } from "../launch/windows.ts";
import { readText } from "../read-text.ts";

/** A local model reads the client's own prompt first. Milliseconds. */
const patience = 15 * 60_000;

export interface AgentTask {
  readonly client: Client;
  /** undefined: it is not installed. */
  readonly program: Program | undefined;
  readonly profile: Profile;
  /** The one that a launch begins on. */
  readonly target: Target;
  readonly windows: Windows;
  readonly reach: Reach;
  /** Variables that hold keys: fcc's to use, not the agent's. */
  readonly taken: readonly string[];
  readonly wanted: boolean;
  /** fcc's cache folder. */
  readonly cache: string;
}

/** The real client, once, in an empty folder, and what it left there. */
export function agentCheck({ client, program, profile, target, windows, reach, taken, wanted, cache }: AgentTask): Check {
  return {
    id: "agent",
    title: `${client.name} itself`,
    after: ["client", "answer", "tool-call"],
    async run() {
      const args = client.task(agentTask);
      if (!wanted) return skipped("--no-agent");
      if (program === undefined) return skipped(`${client.name} is not installed`);
      const room = makeRoom(client, { args, extra: [] }, target, windows);
      if (room.refusal) return bad(room.refusal.lines[0] ?? "the window is too small", room.refusal.lines.slice(1).join(" "));
      const facts: Fact[] = [];
      const { startWith } = await import("../proxy.ts");
      const closing: Closing = [];
      try {
        const empty = emptyFolder(cache);
        closing.push(() => empty.remove());
        const proxy = await startWith({ profile, reach, sink: (fact) => void facts.push(fact) });
        closing.push(() => proxy.close());
        const models = clientModels(profile, windows);
        const prepare = preparing(client, { profile, models, args: room.args, extra: { args: [], env: {} }, hidden: taken });
        const command = clientCommand({ record: client, program, prepare }, proxy, closing);
        const ended = await capture({ ...command, cwd: empty.path, patience });
        return judgeAgentTask({
          client,
          target,
          facts,
          said: ended.stdout,
          complained: linesWithout(ended.stderr, command.dropped),
          ended: ended.ended,
          written: readText(join(empty.path, "hello.txt")),
          sent: shellWords([client.command, ...room.args]),
        });
      } finally {
        await closeAll(closing);
      }
    },
  };
}

/** Agents look for instructions, settings and plugins in the folders above theirs: in /tmp anybody may put some. */
function emptyFolder(cache: string): PrivateFolder {
  const above = join(cache, "doctor");
  try {
    makeFolder(above);
    removeLeftOvers(above);
    return createFolder(above);
  } catch {
    // HOME may be /dev/null, or what is in it another's since a `sudo`.
    return createFolder(tmpdir());
  }
}

function linesWithout(text: string, beginning: string | undefined): string {
  const lines = text.split("\n");
  return lines.filter((line) => beginning === undefined || !line.startsWith(beginning)).join("\n");
}
