import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { experienced, fccProgram, type Machine, rowProfile } from "../agents/run.ts";
import { hasTmux, openTerminal } from "../agents/terminal.ts";
import { type LlamaServer, startLlama } from "./llama-server.ts";

const llama = inject("llama");
const { claude = "" } = inject("installed");

describe.skipIf(llama === undefined || claude === "" || !hasTmux)("Esc in Claude Code on a real llama-server", () => {
  let server: LlamaServer;
  beforeAll(async () => {
    // Without it the model may be done before the key is pressed.
    if (llama) server = await startLlama(llama, "hermes", ["--ignore-eos"]);
  });
  afterAll(() => server?.close());

  // Both ways with the client itself at the key: on a machine of two cores its screen takes from the server's threads what they need to see
  // that somebody has gone.
  it.each(["chat", "messages"])("frees the slot as fast as without fcc, 100 ms at most on top: %s wire", { retry: 2 }, async (wire) => {
    const machine = experienced();
    await machine.configure(rowProfile(`extends: llamacpp, baseUrl: ${server.url}, via: ${wire}`, "here/smollm2"));
    const options = "--bare --tools Read";
    const byFcc = await pressEscape(machine, server.url, `${process.execPath} ${fccProgram} claude ${options}`);
    const variables = `ANTHROPIC_BASE_URL=${server.url} ANTHROPIC_AUTH_TOKEN=none CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1`;
    const byItself = await pressEscape(
      experienced(),
      server.url,
      `${variables} ${claude} --model smollm2 --permission-mode default ${options}`,
    );
    process.stdout.write(`llama-server, ${wire} wire: its slot was free ${byFcc} ms after Esc, without fcc ${byItself} ms\n`);
    expect(byFcc).toBeLessThan(byItself + 100);
  });
});

/** Times that the key is pressed: what else the machine does only adds to how long a thing takes. */
const rounds = 4;

/** The fewest milliseconds from the key in a running reply until the server's only slot is free. */
async function pressEscape(machine: Machine, url: string, launch: string): Promise<number> {
  const terminal = openTerminal(machine);
  await terminal.see(/ready> /);
  terminal.type(launch);
  terminal.press("Enter");
  await terminal.see(/for shortcuts|Try "|❯/);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 1; round <= rounds; round += 1) {
    terminal.type(`count to ${round} thousand`);
    await terminal.see(new RegExp(`count to ${round} thousand`));
    terminal.press("Enter");
    await slot(url, (decoded) => (decoded ?? 0) > 10);
    const pressed = Date.now();
    terminal.press("Escape");
    least = Math.min(least, (await slot(url, (decoded) => decoded === undefined)) - pressed);
    await terminal.see(/Interrupted/i);
  }
  terminal.press("C-c");
  terminal.press("C-c");
  return least;
}

/** When the only slot is as the test wants it, in milliseconds since the epoch: tokens decoded so far, or undefined where it is free. */
async function slot(url: string, wanted: (decoded: number | undefined) => boolean): Promise<number> {
  const until = Date.now() + 60_000;
  for (;;) {
    const [first] = (await (await fetch(`${url}/slots`)).json()) as {
      is_processing: boolean;
      next_token?: { n_decoded: number }[] | { n_decoded: number };
    }[];
    const token = Array.isArray(first?.next_token) ? first.next_token[0] : first?.next_token;
    if (wanted(first?.is_processing ? (token?.n_decoded ?? 0) : undefined)) return Date.now();
    if (Date.now() > until) throw new Error("the slot did not become as wanted within a minute");
  }
}
