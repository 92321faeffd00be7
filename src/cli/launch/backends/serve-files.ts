import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { modelOfFile } from "../../../config/resolve/model-file.ts";
import { type ModelFile, readModelFile } from "../../../launch/gguf.ts";
import { keyVariable, llamaCommand, windowFor } from "../../../launch/llama-server.ts";
import { notFound, type Sidecars } from "../../../launch/sidecars.ts";
import { freePort } from "../../../reach/loopback.ts";
import type { Reach } from "../../../reach/reach.ts";
import { allTargets } from "../../../route/plan.ts";
import { withoutSecrets } from "../../../route/secrets.ts";
import type { Profile, Provider, Target } from "../../../route/target.ts";
import { strangerAt } from "../../../system/stranger.ts";
import { printable } from "../../../wire/failure/printable.ts";
import { type Refusal, refused } from "../../refusal.ts";
import { mapTargets } from "../map-targets.ts";

/** A large model on a slow disk takes minutes to load. Milliseconds. */
const patience = 15 * 60_000;
const reminderAfter = 10_000;
/** Lines of the server's own that an error shows. */
const shown = 6;

interface Serving {
  readonly sidecars: Sidecars;
  readonly reach: Reach;
  /** Tokens that the client needs. */
  readonly needed: number;
  readonly say: (line: string) => void;
}

const isFile = ({ provider }: Target) => provider.row.servesFiles === true;
const fileOf = ({ model }: Target) => model;

/** A server that is to be started on a model file. */
interface PlannedServer {
  readonly target: Target;
  command(port: number | "<port>"): readonly string[];
}

/** What serving each model file of a profile comes to, before anything is started. */
export function plannedServers(profile: Profile, needed: number): readonly PlannedServer[] | { readonly refusal: Refusal } {
  const planned: PlannedServer[] = [];
  const files = allTargets(profile).filter(isFile);
  for (const [file, target] of new Map(files.map((one) => [fileOf(one), one]))) {
    const read = readSafely(file);
    if (typeof read === "string") return refused(2, `${file}: ${read}.`);
    const window = target.context ?? windowFor(read, needed);
    planned.push({ target, command: (port) => llamaCommand({ file, model: modelOfFile(file), port, window }) });
  }
  return planned;
}

function readSafely(file: string): ModelFile | string {
  try {
    return readModelFile(file) ?? "it is no GGUF file";
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
  }
}

/** Starts a server on each model file of a profile and waits until all have loaded. The profile that comes back is at their addresses. */
export async function serveFiles(
  profile: Profile,
  serving: Serving,
): Promise<{ readonly profile: Profile } | { readonly refusal: Refusal }> {
  const planned = plannedServers(profile, serving.needed);
  if ("refusal" in planned) return planned;
  const servers = new Map<string, Provider>();
  for (const { target, command } of planned) {
    const [port, key] = [await freePort(), randomBytes(24).toString("base64url")];
    const provider = servedAt(target.provider, port, key, servers.size);
    const fault = await start(command(port), { name: modelOfFile(fileOf(target)), provider, key, ...serving });
    if (fault !== undefined) return refused(1, ...fault);
    servers.set(fileOf(target), provider);
  }
  const served = mapTargets(profile, (target) => {
    const provider = isFile(target) ? servers.get(fileOf(target)) : undefined;
    return provider === undefined ? target : { ...target, provider, model: modelOfFile(fileOf(target)) };
  });
  const providers = { ...profile.providers, ...Object.fromEntries([...servers.values()].map((one) => [one.id, one])) };
  return { profile: { ...served, providers } };
}

/** Each server is a provider of its own: what is learned of one does not hold for the other. */
function servedAt(provider: Provider, port: number, key: string, index: number): Provider {
  const root = `http://127.0.0.1:${port}`;
  const speaks = { chat: { baseUrl: `${root}/v1` }, messages: { baseUrl: root }, responses: { baseUrl: `${root}/v1` } };
  const { servesFiles: _, ...row } = provider.row;
  return { ...provider, row, id: index === 0 ? provider.id : `${provider.id}-${index + 1}`, speaks, keys: [key], source: "this launch" };
}

interface Starting extends Serving {
  readonly name: string;
  readonly provider: Provider;
  readonly key: string;
}

/** Undefined: it answers. */
async function start(
  command: readonly string[],
  { name, provider, key, sidecars, reach, say }: Starting,
): Promise<readonly string[] | undefined> {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
  say(`llama-server loads ${name}`);
  const reminder = setInterval(() => say(`llama-server still loads ${name} (${seconds()} s)`), reminderAfter);
  // From the working folder, which may be a clone, it would load what is called as parts of its own are (libggml-cpu-*.so).
  const server = sidecars.start(command, { cwd: dirname(process.execPath), env: { [keyVariable]: key } });
  const url = `${provider.speaks.messages?.baseUrl}/health`;
  try {
    while (performance.now() - began < patience) {
      if (server.ended === notFound) return missing;
      if (server.ended !== undefined) return failed(`llama-server ${server.ended} while it loaded ${name}.`, server.lines, key);
      const health = await reach.send({ provider, method: "GET", url, headers: {}, question: true });
      if (health.failure === undefined) {
        health.body.on("error", () => {}).destroy();
        const stranger = strangerAt(Number(new URL(url).port));
        if (stranger !== undefined) {
          await server.end();
          return [
            `a program of another user (uid ${stranger}) listens where llama-server was to serve ${name}. Nothing was sent to it. Try again.`,
          ];
        }
        if (health.status === 200) {
          say(`llama-server has loaded ${name} in ${seconds()} s`);
          return undefined;
        }
      }
      await wait(100);
    }
    await server.end();
    return failed(`llama-server has not loaded ${name} within ${patience / 60_000} minutes.`, server.lines, key);
  } finally {
    clearInterval(reminder);
  }
}

const missing: readonly string[] = [
  "llama-server is not on PATH: a launch on a model file starts it.",
  "Get it with `brew install llama.cpp` or `winget install llama.cpp`, or unpack a release of https://github.com/ggml-org/llama.cpp/releases",
];

function failed(sentence: string, said: readonly string[], key: string): readonly string[] {
  const lines = said.slice(-shown).map((line) => `  ${printable(withoutSecrets(line, [key]))}`);
  return [lines.length === 0 ? sentence : `${sentence} It said:`, ...lines];
}
