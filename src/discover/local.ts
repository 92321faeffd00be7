import { rows } from "../providers/index.ts";
import type { Row } from "../providers/row.ts";
import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import { ask } from "./ask.ts";
import { discover } from "./discover.ts";
import type { Discovery } from "./discovery.ts";
import { at, list } from "./shape.ts";

/** A server on this machine, as the provider that it is, and what it said. */
export interface Found {
  readonly provider: Provider;
  readonly discovery: Discovery;
}

export interface LocalOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for all of it. Default 300. */
  readonly patience?: number;
  /** Addresses to try, each with the row that it is usually. */
  readonly addresses?: readonly { readonly url: string; readonly usually: string }[];
  /** The key to ask with first. Default: none, since a stranger may listen there. */
  readonly key?: string;
}

/** The ports at which local servers stand when nobody moved them. llama.cpp is on its way from 8080 to 9931. */
const usual: NonNullable<LocalOptions["addresses"]> = [
  { url: "http://127.0.0.1:11434", usually: "ollama" },
  { url: "http://127.0.0.1:1234", usually: "lmstudio" },
  { url: "http://127.0.0.1:8080", usually: "llamacpp" },
  { url: "http://127.0.0.1:9931", usually: "llamacpp" },
  { url: "http://127.0.0.1:8000", usually: "vllm" },
  { url: "http://127.0.0.1:30000", usually: "sglang" },
];

/**
 * The model servers on this machine, all known ports at once. What a server is, its answers say, not its port: 8000 and 8080 are
 * everybody's. `makeProvider` gives the provider for a row at an address, with its key.
 */
export async function discoverLocal(
  reach: Reach,
  makeProvider: (row: Row, root: string) => Provider,
  options: LocalOptions = {},
): Promise<readonly Found[]> {
  const limit = AbortSignal.timeout(options.patience ?? 300);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const tries = (options.addresses ?? usual).map(async ({ url, usually }): Promise<Found | undefined> => {
    const guess = rows[usually];
    if (!guess) return undefined;
    const { json, headers, failure } = await ask(reach, makeProvider(guess, url), {
      url: `${url}/v1/models`,
      signal,
      key: options.key ?? null,
    });
    if (failure && failure.status === undefined) return undefined;
    const row = rows[identify(json, headers["server"], failure !== undefined, usually)];
    if (!row) return undefined;
    const provider = makeProvider(row, url);
    // Nothing more is known by then than that it is there: its own answer may need the key, or the model to be loaded.
    const discovery = await discover(provider, reach, { signal });
    return { provider, discovery };
  });
  return (await Promise.all(tries)).filter((found) => found !== undefined);
}

/** Which row a server is, by its answer to /v1/models. "": none that we know. */
function identify(json: unknown, server: string | undefined, failed: boolean, usually: string): string {
  if (server !== undefined && /^llama\.cpp/i.test(server)) return "llamacpp";
  const entries = list(at(json, "data"));
  const owners = entries.map((entry) => at(entry, "owned_by"));
  if (owners.includes("llamacpp")) return "llamacpp";
  if (owners.includes("vllm")) return "vllm";
  if (owners.includes("sglang")) return "sglang";
  if (owners.includes("organization_owner")) return "lmstudio";
  if (owners.includes("library")) return "ollama";
  // An Ollama or LM Studio without a model has an empty list; other servers are not started without one.
  if (!failed && Array.isArray(at(json, "data")))
    return entries.length === 0 || usually === "ollama" || usually === "lmstudio" ? usually : "openai-compatible";
  // A refusal at a port that everybody uses says nothing; at the others it is a server with a key.
  return failed && ["ollama", "lmstudio", "sglang"].includes(usually) ? usually : "";
}
