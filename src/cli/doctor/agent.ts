import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentTask, bad, type Check, judgeAgentTask, skipped } from "../../checks/index.ts";
import type { Client } from "../../clients/client.ts";
import { shellWords } from "../../config/shell-words.ts";
import { capture } from "../../launch/capture.ts";
import type { Program } from "../../launch/find.ts";
import { createFolder, type PrivateFolder, removeLeftOvers } from "../../launch/folder.ts";
import type { Environment } from "../../model/environment.ts";
import type { Fact } from "../../model/fact.ts";
import type { Reach } from "../../reach/reach.ts";
import type { Profile } from "../../route/target.ts";
import { makeFolder } from "../../system/make-folder.ts";
import { clientModels } from "../launch/client-models.ts";
import { type Closing, closeAll } from "../launch/closing.ts";
import { makeRoom } from "../launch/room.ts";
import type { Windows } from "../launch/windows.ts";
import { readText } from "../read-text.ts";

/** A local model reads the client's own prompt first. Milliseconds. */
const patience = 15 * 60_000;

export interface AgentTask {
  readonly client: Client;
  /** undefined: it is not installed. */
  readonly program: Program | undefined;
  readonly profile: Profile;
  readonly windows: Windows;
  readonly reach: Reach;
  readonly env: Environment;
  /** Variables that hold keys: fcc's to use, not the agent's. */
  readonly taken: readonly string[];
  readonly wanted: boolean;
  /** fcc's cache folder. */
  readonly cache: string;
}

/** The real client, once, in an empty folder, and what it left there. */
export function agentCheck({ client, program, profile, windows, reach, env, taken, wanted, cache }: AgentTask): Check {
  return {
    id: "agent",
    title: `${client.name} itself`,
    after: ["client", "answer", "tool-call"],
    async run() {
      const args = client.task(agentTask);
      if (!wanted) return skipped("--no-agent");
      if (program === undefined) return skipped(`${client.name} is not installed`);
      const room = makeRoom(client, { args, extra: [] }, profile.main[0], windows);
      if (room.refusal) return bad(room.refusal.lines[0] ?? "the window is too small", room.refusal.lines.slice(1).join(" "));
      const facts: Fact[] = [];
      const { startWith } = await import("../proxy.ts");
      const closing: Closing = [];
      try {
        const folder = createFolder(tmpdir());
        closing.push(() => folder.remove());
        const empty = emptyFolder(cache);
        closing.push(() => empty.remove());
        const proxy = await startWith({ profile, reach, sink: (fact) => void facts.push(fact) });
        closing.push(() => proxy.close());
        const bounded = profile.boundary !== undefined;
        const extra = { args: [], env: {} };
        const read = () => undefined;
        const models = clientModels(profile, windows);
        const prepared = client.prepare({ proxy, folder: folder.path, models, args: room.args, extra, env, read, bounded });
        for (const { name, content } of prepared.files) folder.write(name, content);
        const without = Object.fromEntries(taken.map((variable) => [variable, undefined]));
        const ended = await capture({
          path: program.path,
          args: [...program.before, ...prepared.args],
          env: { ...env, ...without, ...prepared.env },
          cwd: empty.path,
          patience,
        });
        return judgeAgentTask({
          client,
          target: profile.main[0],
          facts,
          said: ended.stdout,
          complained: linesWithout(ended.stderr, prepared.dropped),
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
