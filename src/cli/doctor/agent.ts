import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "../../clients/client.ts";
import { shellWords } from "../../config/shell-words.ts";
import { bad, type Check, doubt, good, skipped } from "../../doctor/index.ts";
import { capture } from "../../launch/capture.ts";
import type { Program } from "../../launch/find.ts";
import { createFolder } from "../../launch/folder.ts";
import type { Environment } from "../../model/environment.ts";
import type { Fact } from "../../model/fact.ts";
import type { Reach } from "../../reach/reach.ts";
import type { Profile } from "../../route/target.ts";
import { clientModels } from "../launch/client-models.ts";
import { makeRoom } from "../launch/room.ts";
import type { Windows } from "../launch/windows.ts";
import { readText } from "../read-text.ts";

const task = "Create the file hello.txt in the current folder. It holds the word hello and nothing else. Do nothing more.";
/** A local model reads the client's own prompt first. Milliseconds. */
const patience = 15 * 60_000;

export interface Errand {
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
}

/** The real client, once, in an empty folder, and what it left there. */
export function agentCheck({ client, program, profile, windows, reach, env, taken, wanted }: Errand): Check {
  return {
    id: "agent",
    title: `${client.name} itself`,
    after: ["client", "answer", "tool-call"],
    async run() {
      const args = client.errand(task);
      if (!wanted) return skipped("--no-agent");
      if (program === undefined) return skipped(`${client.name} is not installed`);
      const room = makeRoom(client, { args, extra: [] }, profile.main[0], windows);
      if (room.refusal) return bad(room.refusal.lines[0] ?? "the window is too small", room.refusal.lines.slice(1).join(" "));
      const facts: Fact[] = [];
      const { startWith } = await import("../proxy.ts");
      const proxy = await startWith({ profile, reach, sink: (fact) => void facts.push(fact) });
      const folder = createFolder(tmpdir());
      const empty = mkdtempSync(join(tmpdir(), "fcc-doctor-"));
      try {
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
          cwd: empty,
          patience,
        });
        const sent = shellWords([client.command, ...room.args]);
        const requests = facts.filter(({ type }) => type === "request").length;
        const failed = facts.findLast((fact) => fact.type === "failed");
        const written = readText(join(empty, "hello.txt"));
        if (written !== undefined && /^\s*"?hello[."!]?\s*$/i.test(written))
          return good(`hello.txt holds the word, after ${requests} requests`, sent);
        if (written !== undefined)
          return doubt(`hello.txt holds ${JSON.stringify(written.slice(0, 60))}`, "A larger model follows instructions better.", sent);
        const words = lastLine(ended.stdout) ?? lastLine(withoutLines(ended.stderr, prepared.dropped)) ?? "it said nothing";
        if (requests === 0)
          return bad(
            `it sent no request: ${words} (${ended.ended ?? "ended well"})`,
            `Run \`fcc ${client.id}\` to see what it asks.`,
            sent,
          );
        if (failed?.type === "failed") return bad(`no hello.txt: ${failed.failure.message}`, undefined, sent);
        if (profile.main[0].provider.row.kind === "demo") return good(`it works with the stand-in, which does no task: ${words}`, sent);
        return doubt(
          `no hello.txt after ${requests} requests (${ended.ended ?? "it ended well"}): ${words}`,
          "Everything works but the model does not do the task: choose a larger one.",
          sent,
        );
      } finally {
        await proxy.close();
        folder.remove();
        rmSync(empty, { recursive: true, force: true });
      }
    },
  };
}

function withoutLines(text: string, beginning: string | undefined): string {
  if (beginning === undefined) return text;
  return text
    .split("\n")
    .filter((line) => !line.startsWith(beginning))
    .join("\n");
}

function lastLine(text: string): string | undefined {
  return text.trim().split("\n").at(-1)?.slice(0, 160) || undefined;
}
