import { tokens } from "../clients/tokens.ts";
import { plain, resolveProfile } from "../config/index.ts";
import { type Discovery, discover } from "../discover/index.ts";
import { createReach } from "../reach/reach.ts";
import { known } from "../route/plan.ts";
import type { Profile, Provider } from "../route/target.ts";
import { columns, print, readConfiguration } from "./configuration.ts";
import { findProfile } from "./nothing-configured.ts";
import type { Context } from "./program.ts";

/** Long enough for a list from far away; a server that is down says so at once. */
const patience = 10_000;

/** Every model of the profile's providers, as they themselves list them. */
export async function listModels(context: Context): Promise<number> {
  const { output, options } = context;
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const resolved = await resolveProfile(configuration);
  if (resolved.error) {
    output.fail(resolved.error.lines);
    return 2;
  }
  let profile: Profile;
  if (resolved.nothing) {
    const found = await findProfile(process.env);
    if (found.refusal) {
      output.fail(found.refusal.lines);
      return found.refusal.exitCode;
    }
    profile = found.resolved.profile;
  } else profile = resolved.profile;

  const reach = createReach({ env: process.env, ...(profile.boundary === undefined ? {} : { boundary: profile.boundary }) });
  const providers = [...new Map(known(profile).map(({ provider }) => [provider.id, provider])).values()];
  const discoveries = await Promise.all(providers.map(async (provider) => ({ provider, discovery: await ask(provider) })));
  await reach.close();
  const failed = discoveries.filter(({ discovery }) => discovery.failure !== undefined);
  for (const { provider, discovery } of failed) output.warn(`${provider.id}: ${discovery.failure?.message}`);
  if ("json" in options) {
    process.stdout.write(
      `${JSON.stringify(
        discoveries.flatMap(({ provider, discovery }) =>
          discovery.models.map((model) => ({ target: `${provider.id}/${model.id}`, ...model })),
        ),
        null,
        2,
      )}\n`,
    );
  } else print(columns(linesOf(discoveries)));
  return failed.length === discoveries.length && failed.length > 0 ? 1 : 0;

  function ask(provider: Provider): Promise<Discovery> {
    // The stand-in has no server but during a launch.
    if (provider.row.kind === "demo")
      return Promise.resolve({ provider: provider.id, models: [{ id: "demo", context: 200_000, source: "built in" }] });
    return discover(provider, reach, { patience });
  }
}

function linesOf(discoveries: readonly { readonly provider: Provider; readonly discovery: Discovery }[]): (readonly string[])[] {
  return discoveries.flatMap(({ provider, discovery }) =>
    discovery.models.map(({ id, context, trainedContext, source, loaded }) => [
      plain(`${provider.id}/${id}`),
      context === undefined ? (trainedContext === undefined ? "?" : `up to ${tokens(trainedContext)}`) : tokens(context),
      source + (loaded ? ", loaded" : ""),
    ]),
  );
}
