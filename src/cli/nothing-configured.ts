import { type Configuration, defaultKeepAliveAfter, outerBoundary, type Resolved } from "../config/index.ts";
import { chooseModel } from "../discover/index.ts";
import { tiers } from "../model/tiers.ts";
import { quirksOf } from "../providers/index.ts";
import type { Environment } from "../reach/http-proxy.ts";
import { createReach } from "../reach/reach.ts";
import type { Boundary, Profile, Provider, Target } from "../route/target.ts";
import type { Refusal } from "./launch-checks.ts";
import { originOf } from "./provider-at.ts";
import { namedByVariable, serversHere } from "./servers-here.ts";

export type FoundProfile =
  | { readonly resolved: Extract<Resolved, { profile: Profile }>; readonly line: string; readonly refusal?: undefined }
  | { readonly refusal: Refusal };

/** Milliseconds that a launch waits for a server at an address that a variable names. */
const patience = 300;

/**
 * Where nothing says what to use: the one model server that a variable names (OLLAMA_HOST), else the one of this machine, with the model
 * that it has loaded, else its largest.
 */
export async function findProfile(configuration: Configuration, env: Environment): Promise<FoundProfile> {
  const boundary = outerBoundary(configuration);
  const reach = createReach({ env, ...(boundary === undefined ? {} : { boundary }) });
  try {
    const { named, others } = await serversHere(configuration, namedByVariable(env), reach, { env, patience });
    const found = named.length > 0 ? named : others;
    const usable = found.flatMap(({ provider, discovery }) => {
      const model = chooseModel(discovery);
      return model === undefined ? [] : [{ provider, model }];
    });
    const [only] = usable;
    if (only === undefined || usable.length > 1) return { refusal: { exitCode: 2, lines: refusalLines(found, usable) } };
    const target: Target = { provider: only.provider, model: only.model.id, quirks: quirksOf(only.provider.row, only.model.id) };
    const where = named.length > 0 ? `at ${originOf(only.provider)} (${only.provider.source})` : "on this machine";
    const how = only.model.loaded ? "is loaded" : "is the largest there";
    return {
      line: `nothing is configured: using ${only.provider.row.name} ${where} with ${only.model.id}, which ${how}`,
      resolved: { profile: profileOn(target, boundary), source: "found on this machine", keyVariables: [], notices: [] },
    };
  } finally {
    await reach.close();
  }
}

function refusalLines(
  found: readonly { readonly provider: Provider }[],
  usable: readonly { readonly provider: Provider; readonly model: { readonly id: string } }[],
): readonly string[] {
  if (usable.length > 1) {
    const [first] = usable;
    return [
      "nothing is configured, and several model servers answer on this machine:",
      ...usable.map(({ provider, model }) => `  ${provider.id} at ${originOf(provider)}, for instance ${provider.id}/${model.id}`),
      `Name one: --model ${first?.provider.id}/${first?.model.id}, choose with \`fcc init\`, or write it into .fccrc:`,
      ...exampleFile(`${first?.provider.id}/${first?.model.id}`),
    ];
  }
  const [empty] = found;
  return [
    empty === undefined
      ? "nothing is configured, and no model server answers on this machine (Ollama, LM Studio, llama.cpp, vLLM, SGLang at their usual ports)."
      : `nothing is configured, and ${empty.provider.row.name} at ${originOf(empty.provider)} has no model to use.`,
    "Start one, choose a provider with `fcc init`, or write what to use into .fccrc:",
    ...exampleFile("ollama/qwen3:8b"),
    "To see that the client works here: fcc claude --profile demo -p hello",
  ];
}

function exampleFile(target: string): readonly string[] {
  return ["  profile: mine", "  profiles:", "    mine:", `      model: ${target}`];
}

function profileOn(target: Target, boundary: Boundary | undefined): Profile {
  return {
    name: "found",
    main: [target],
    tiers: Object.fromEntries(tiers.map((tier) => [tier, [target]])) as unknown as Profile["tiers"],
    providers: { [target.provider.id]: target.provider },
    ...(boundary !== undefined && { boundary }),
    keepAliveAfter: defaultKeepAliveAfter,
  };
}
