import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../src/reach/loopback.ts";
import { keepLog } from "./llama-server.ts";

export interface OllamaServer {
  readonly url: string;
  /** The names of its models. */
  models(): Promise<string[]>;
  /** The last of what it said. */
  readonly log: () => string;
  close(): Promise<void>;
}

/** Starts an Ollama of its own, with an empty home, and the small model in it under the name `parrot`. */
export async function startOllama(program: string, model: string, variables: Record<string, string> = {}): Promise<OllamaServer> {
  const home = mkdtempSync(join(tmpdir(), "fcc-ollama-"));
  const port = await freePort();
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    OLLAMA_HOST: `127.0.0.1:${port}`,
    OLLAMA_NO_CLOUD: "1",
    OLLAMA_DEBUG: "2",
    ...variables,
  };
  const child = spawn(program, ["serve"], { env, stdio: ["ignore", "ignore", "pipe"] });
  const log = keepLog(child.stderr);
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  const until = performance.now() + 30_000;
  while (
    !(await fetch(url).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || performance.now() > until) {
      await close();
      throw new Error("Ollama did not start");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const folder = join(home, "model");
  mkdirSync(folder);
  symlinkSync(model, join(folder, "smollm2.gguf"));
  writeFileSync(join(folder, "Modelfile"), readFileSync(join(import.meta.dirname, "Modelfile.parrot")));
  const created = spawnSync(program, ["create", "parrot", "-f", join(folder, "Modelfile")], { env, cwd: folder, encoding: "utf8" });
  if (created.status !== 0) {
    await close();
    throw new Error(`the model could not be created: ${created.stderr}`);
  }
  const models = async () => {
    const { models: listed } = (await (await fetch(`${url}/api/tags`)).json()) as { models: { name: string }[] };
    return listed.map(({ name }) => name);
  };
  return { url, models, log, close };
}
