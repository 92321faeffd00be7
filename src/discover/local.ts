import type { Failure } from "../model/failure.ts";
import { listOf } from "../model/json.ts";
import { rows } from "../providers/index.ts";
import type { Row } from "../providers/row.ts";
import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import { ask } from "./ask.ts";
import { discover } from "./discover.ts";
import type { Discovery } from "./discovery.ts";
import { identify } from "./identify.ts";
import { at } from "./shape.ts";

/** A server on this machine, as the provider that it is, and what it said. */
export interface Found {
  readonly provider: Provider;
  readonly discovery: Discovery;
}

/** What is known of an address. */
interface Place {
  readonly url: string;
  /** The row that a server there usually is. */
  readonly usually: string;
}

interface LocalOptions {
  /** Milliseconds for all of it. Default 300. */
  readonly patience?: number;
  readonly addresses?: readonly Place[];
}

/** The ports at which local servers stand when nobody moved them. llama.cpp is on its way from 8080 to 9931. */
const usual: readonly Place[] = [
  { url: "http://127.0.0.1:11434", usually: "ollama" },
  { url: "http://127.0.0.1:1234", usually: "lmstudio" },
  { url: "http://127.0.0.1:8080", usually: "llamacpp" },
  { url: "http://127.0.0.1:9931", usually: "llamacpp" },
  { url: "http://127.0.0.1:8000", usually: "vllm" },
  { url: "http://127.0.0.1:30000", usually: "sglang" },
];

/** The model servers on this machine, all known ports at once. They are asked without a key, since a stranger may listen there. */
export async function discoverLocal(reach: Reach, makeProvider: MakeProvider, options: LocalOptions = {}): Promise<readonly Found[]> {
  const signal = AbortSignal.timeout(options.patience ?? 300);
  const tries = (options.addresses ?? usual).map((place) => discoverAt(place, reach, makeProvider, { signal }));
  return (await Promise.all(tries)).flatMap(({ found }) => found ?? []);
}

/** Gives the provider for a row at an address, with its key. */
type MakeProvider = (row: Row, root: string) => Provider;

/**
 * The server at an address, or what it answered where that does not say which it is. What a server is, its answers say, not its port: 8000
 * and 8080 are everybody's. `key` is what it is asked with first.
 */
export async function discoverAt(
  { url, usually }: Place,
  reach: Reach,
  makeProvider: MakeProvider,
  { signal, key = null }: { readonly signal: AbortSignal; readonly key?: string | null },
): Promise<{ readonly found?: Found; readonly failure?: Failure }> {
  const guess = rows[usually];
  if (!guess) return {};
  const { json, headers, failure } = await ask(reach, makeProvider(guess, url), { url: `${url}/v1/models`, signal, key });
  const unknown = failure === undefined ? {} : { failure };
  if (failure && failure.status === undefined) return unknown;
  const id = rowOf(json, headers["server"], failure !== undefined, usually);
  const row = id === undefined ? undefined : rows[id];
  if (!row) return unknown;
  const provider = makeProvider(row, url);
  // Nothing more is known by then than that it is there: its own answer may need the key, or the model to be loaded.
  return { found: { provider, discovery: await discover(provider, reach, { signal }) } };
}

/** Which row a server is, by its answer to /v1/models; undefined: none that we know. */
function rowOf(json: unknown, server: string | undefined, failed: boolean, usually: string): string | undefined {
  const said = identify(json, server);
  if (said !== undefined) return said;
  const list = at(json, "data");
  // An LM Studio without a model has an empty list; other servers are not started without one.
  if (!failed && Array.isArray(list))
    return listOf(list).length === 0 || usually === "ollama" || usually === "lmstudio" ? usually : "openai-compatible";
  // A refusal at a port that everybody uses says nothing; at the others it is a server with a key.
  return failed && ["ollama", "lmstudio", "sglang"].includes(usually) ? usually : undefined;
}
