import { shellWords } from "../../config/shell-words.ts";
import { type Forwarding, startForward } from "../../launch/forward.ts";
import type { Sidecars } from "../../launch/sidecars.ts";
import type { Failure } from "../../model/failure.ts";
import type { Forward } from "../../reach/reach.ts";
import type { Provider, Via } from "../../route/target.ts";
import { printable } from "../../wire/failure/printable.ts";
import { redact } from "../../wire/failure/redact.ts";
import { secretsOf } from "./secrets-of.ts";

/** The commands that lead to a profile's providers, for as long as a session. */
export interface Forwards {
  /** Starts those of the profile's targets and waits until each forwards or has failed. */
  open(): Promise<void>;
  /** Where a provider's port is; a command that ended meanwhile is started again. */
  readonly to: Forward;
}

/** Signing in to a cluster or over a slow line may take that long, in milliseconds. */
const patience = 30_000;
/** A command that failed is not tried again before. Milliseconds. */
const rest = 2_000;
/** Lines of the command's own that an error shows. */
const shown = 6;

type Led = { readonly forwarding: Forwarding } | { readonly failure: Failure; readonly at: number };

/**
 * Only for the providers of a launch's targets: one that merely a request names may not run a command.
 */
export function createForwards(providers: readonly Provider[], sidecars: Sidecars, say: (line: string) => void): Forwards {
  const wanted = new Map(providers.flatMap((provider) => (provider.via === undefined ? [] : [[provider.id, provider] as const])));
  const secrets = secretsOf(providers);
  const running = new Map<string, Promise<Led>>();

  const start = async (provider: Provider, via: Via): Promise<Led> => {
    const name = shellWords(via.command);
    const late = setTimeout(() => say(`waiting for \`${masked(name, secrets)}\`, which leads to ${provider.id}`), 2_000);
    const found = await startForward(via, sidecars, Math.max(patience, provider.timeout.connect));
    clearTimeout(late);
    if (!("fault" in found)) return { forwarding: found };
    const lines = found.lines.slice(-shown).map((line) => `  ${line}`);
    const message = [
      `nothing leads to ${provider.id}: \`${name}\` ${found.fault} (${via.source}).${lines.length > 0 ? " It said:" : ""}`,
      ...lines,
    ];
    const failure: Failure = {
      kind: "unreachable",
      origin: "fcc",
      provider: provider.id,
      message: masked(message.join("\n"), secrets),
    };
    return { failure, at: performance.now() };
  };

  const to: Forward = async ({ id }) => {
    const provider = wanted.get(id);
    if (provider?.via === undefined) return { failure: notStarted(id) };
    const current = running.get(id);
    const before = await current;
    const holds =
      before !== undefined && ("failure" in before ? performance.now() < before.at + rest : before.forwarding.ended === undefined);
    // Another request may have started it again while this one waited.
    if (!holds && running.get(id) === current) running.set(id, start(provider, provider.via));
    const led = (await running.get(id)) as Led;
    return "failure" in led ? { failure: led.failure } : { port: led.forwarding.port };
  };

  return { to, open: async () => void (await Promise.all([...wanted.values()].map(to))) };
}

function notStarted(id: string): Failure {
  const message = `${id} is led to by a command, which runs only where a target of the profile is on ${id}.`;
  return { kind: "not-found", origin: "fcc", provider: id, message };
}

/** What a command says, and what it is called with, may hold a secret or drive a terminal. */
function masked(text: string, secrets: readonly string[]): string {
  const without = secrets.filter((secret) => secret !== "").reduce((out, secret) => out.replaceAll(secret, "***"), text);
  return printable(redact(without));
}
