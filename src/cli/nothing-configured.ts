import { type Configuration, defaultKeepAliveAfter, nameFor, originsOf, outerBoundary } from "../config/index.ts";
import { chooseModel, type Found } from "../discover/index.ts";
import type { Environment } from "../model/environment.ts";
import { perTier } from "../model/tiers.ts";
import { quirksOf } from "../providers/index.ts";
import { createReach } from "../reach/reach.ts";
import type { Profile, Provider, Target } from "../route/target.ts";
import type { ResolvedProfile } from "./launch/profile-for.ts";
import { exampleModel, firstModel, originOf } from "./provider-at.ts";
import { type Refusal, refused } from "./refusal.ts";
import { failureLine, namedByVariable, serversHere, silence, wantsKey } from "./servers-here.ts";

/** Milliseconds that a launch waits for a server at an address that a variable names. */
const patience = 300;

/**
 * Where nothing says what to use: the one model server that a variable names (OLLAMA_HOST), else the one of this machine, with the model
 * that it has loaded, else its largest. The notice says which.
 */
export async function findProfile(
  configuration: Configuration,
  env: Environment,
): Promise<ResolvedProfile | { readonly refusal: Refusal }> {
  const bounds = outerBoundary(configuration);
  const reach = createReach({ env, boundary: bounds.boundary });
  try {
    const { named, silent, others, strangers } = await serversHere(configuration, namedByVariable(env), reach, { env, patience });
    const found = named.length > 0 ? named : others;
    const usable = found.flatMap(({ provider, discovery }) => {
      const model = chooseModel(discovery);
      return model === undefined ? [] : [{ provider, model }];
    });
    const [only] = usable;
    if (only === undefined || usable.length > 1) return refused(2, ...refusalLines(found, usable, silent), ...strangers);
    const target: Target = { provider: only.provider, model: only.model.id, quirks: quirksOf(only.provider.row, only.model.id) };
    const where = named.length > 0 ? `at ${originOf(only.provider)} (${only.provider.source})` : "on this machine";
    const how = only.model.loaded ? "is loaded" : "is the largest there";
    const using = `nothing is configured: using ${only.provider.row.name} ${where} with ${only.model.id}, which ${how}`;
    return {
      profile: profileOn(target, bounds),
      source: "found on this machine",
      keyVariables: [],
      notices: [[using, ...silent.map(silence)].join("; ")],
    };
  } finally {
    await reach.close();
  }
}

interface Usable {
  readonly provider: Provider;
  readonly model: { readonly id: string };
}

/** `silent`: the servers that a variable names and that do not answer. */
export function refusalLines(found: readonly Found[], usable: readonly Usable[], silent: readonly Found[] = []): readonly string[] {
  if (usable.length > 1) {
    const all = usable.map(suggest);
    const named = all.find(({ written }) => written === undefined);
    const { target, written } = named ?? (all[0] as Suggestion);
    return [
      "nothing is configured, and several model servers answer on this machine:",
      ...all.map(({ line }) => `  ${line}`),
      `${named === undefined ? "Choose" : `Name one: --model ${target}, choose`} with \`fcc init\`, or write it into .fccrc, and \`fcc trust\` it:`,
      ...exampleFile(target, written),
    ];
  }
  return [
    noModel(found[0], silent),
    `${found.length === 0 && silent.length > 0 ? "Otherwise" : `${begin(found[0])},`} choose a provider with \`fcc init\`, or write what to use into .fccrc, and \`fcc trust\` it:`,
    ...exampleFile(`ollama/${exampleModel}`),
    "To see that the client works here: `fcc claude --profile demo -p hello`",
  ];
}

function noModel(empty: Found | undefined, silent: readonly Found[]): string {
  if (empty === undefined && silent.length > 0) return `nothing is configured, and ${silent.map(silence).join(" ")}`;
  if (empty === undefined)
    return "nothing is configured, and no model server answers on this machine (Ollama, LM Studio, llama.cpp, vLLM, SGLang at their usual ports).";
  const { name } = empty.provider.row;
  if (empty.discovery.failure !== undefined)
    return `nothing is configured, and ${name} does not say what models it has: ${failureLine(empty)}`;
  return `nothing is configured, and ${name} at ${originOf(empty.provider)} has no model to use.`;
}

/** What makes a launch work without a configuration. */
function begin(empty: Found | undefined): string {
  if (empty === undefined) return "Start one";
  if (empty.discovery.failure !== undefined) return wantsKey(empty.discovery.failure) ? "Give it its key" : "Try again when it does";
  return firstModel(empty.provider.row);
}

function exampleFile(target: string, provider?: string): readonly string[] {
  const lines = ["  profile: mine", "  profiles:", "    mine:", `      model: ${target}`];
  return provider === undefined ? lines : [...lines, "  providers:", `    ${provider}`];
}

/** A server that was found, as a person can name it. */
interface Suggestion {
  readonly line: string;
  readonly target: string;
  /** What a file has to say before, where the row's own address is another, or there is none. */
  readonly written?: string;
}

function suggest({ provider, model }: Usable): Suggestion {
  const { row, speaks } = provider;
  const there = originOf(provider);
  const place = `${row.name} at ${there}, for instance`;
  if (originsOf(row.speaks).includes(there)) return { line: `${place} ${row.id}/${model.id}`, target: `${row.id}/${model.id}` };
  const id = Object.keys(row.speaks).length === 0 ? nameFor(speaks.chat?.baseUrl ?? there) : row.id;
  const written = `${id}: { baseUrl: "${there}" }`;
  return { line: `${place} ${id}/${model.id} with \`${written}\` among the providers`, target: `${id}/${model.id}`, written };
}

function profileOn(target: Target, bounds: Pick<Profile, "boundary" | "boundaryWritten">): Profile {
  return {
    name: "found",
    main: [target],
    tiers: perTier(() => [target]),
    providers: { [target.provider.id]: target.provider },
    ...bounds,
    keepAliveAfter: defaultKeepAliveAfter,
  };
}
