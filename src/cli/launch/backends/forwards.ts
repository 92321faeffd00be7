import { shellWords } from "../../../config/shell-words.ts";
import { type Forwarding, startForward } from "../../../launch/forward.ts";
import type { Sidecars } from "../../../launch/sidecars.ts";
import type { Failure } from "../../../model/failure.ts";
import type { Forward } from "../../../reach/reach.ts";
import { maskOf, secretsIn } from "../../../route/secrets.ts";
import type { Provider, Via } from "../../../route/target.ts";
import { printable } from "../../../wire/failure/printable.ts";
import { redact } from "../../../wire/failure/redact.ts";

/** The commands that forward ports to a profile's providers, for as long as a session. */
export interface Forwards {
  /** Starts those that the profile's targets need, and waits until each one forwards or has failed. */
  open(): Promise<void>;
  /** The local port of a provider. A command that has ended is started again. */
  readonly to: Forward;
}

/** Milliseconds for a command to start forwarding: signing in to a cluster, or a slow line, may take that long. */
const patience = 30_000;
/** Milliseconds before a command that failed is started again. */
const rest = 2_000;
/** Lines of the command's output that an error shows. */
const shown = 6;

type Led = { readonly forwarding: Forwarding } | { readonly failure: Failure; readonly at: number };

/** For the providers of a launch's targets only: naming a provider in a request must not run a command. */
export function createForwards(providers: readonly Provider[], sidecars: Sidecars, say: (line: string) => void): Forwards {
  const wanted = new Map(providers.flatMap((provider) => (provider.via === undefined ? [] : [[provider.id, provider] as const])));
  const clean = maskOf(providers.flatMap(secretsIn));
  /** A command's arguments and output may contain secrets, or control sequences for a terminal. */
  const shownAs = (text: string): string => printable(redact(clean(text)));
  const running = new Map<string, Promise<Led>>();

  const start = async (provider: Provider, via: Via): Promise<Led> => {
    const name = shellWords(via.command);
    const late = setTimeout(() => say(`waiting for \`${shownAs(name)}\`, which leads to ${provider.id}`), 2_000);
    const found = await startForward(via, sidecars, Math.max(patience, provider.timeout.connect));
    clearTimeout(late);
    if (!("fault" in found)) return { forwarding: found };
    const lines = found.lines.slice(-shown).map((line) => `  ${line}`);
    const message = [
      `nothing leads to ${provider.id}: \`${name}\` ${found.fault} (${via.source}).${lines.length > 0 ? " It said:" : ""}`,
      ...lines,
    ];
    const failure: Failure = { kind: "unreachable", origin: "fcc", provider: provider.id, message: shownAs(message.join("\n")) };
    return { failure, at: performance.now() };
  };

  const to: Forward = async ({ id }) => {
    const provider = wanted.get(id);
    if (provider?.via === undefined) return { failure: notStarted(id) };
    const current = running.get(id);
    const before = await current;
    const holds =
      before !== undefined && ("failure" in before ? performance.now() < before.at + rest : before.forwarding.ended === undefined);
    // While this request waited, another may have started it again.
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
