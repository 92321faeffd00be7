import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { freePort } from "../../src/reach/loopback.ts";

export interface LlamaServer {
  readonly url: string;
  readonly log: () => string;
  close(): Promise<void>;
}

/** The last of what a server says. */
export function keepLog(...streams: readonly Readable[]): () => string {
  let log = "";
  for (const stream of streams) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-100_000);
    });
  }
  return () => log;
}

/**
 * Starts llama-server and waits until it answers. The template `parrot` makes a 135M model call its first tool whenever the user has the
 * last word, by examples at the end of the prompt; `hermes` is a plain one with tools, whose prompts only grow.
 */
export async function startLlama(
  llama: { program: string; model: string },
  templateName: "parrot" | "hermes",
  options: readonly string[] = [],
): Promise<LlamaServer> {
  const port = await freePort();
  const template = ["--jinja", "--chat-template-file", join(import.meta.dirname, `${templateName}.jinja`)];
  const fixed = ["--temp", "0", "-np", "1", "-t", "2", "--metrics", "--slots"];
  const child = spawn(llama.program, [
    "-m",
    llama.model,
    "--alias",
    "smollm2",
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    ...fixed,
    ...template,
    ...options,
  ]);
  const log = keepLog(child.stdout, child.stderr);
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + 60_000;
  for (;;) {
    const healthy = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) break;
    if (child.exitCode !== null || performance.now() > until) {
      child.kill("SIGKILL");
      throw new Error(`llama-server did not start:\n${log().slice(-2000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    log,
    async close() {
      child.kill("SIGTERM");
      const hard = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(hard);
    },
  };
}
