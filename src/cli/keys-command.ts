import { listStoredKeys, removeStoredKey, resolveProvider, setStoredKey } from "../config/index.ts";
import { columns, print, readConfiguration } from "./configuration.ts";
import type { Context } from "./program.ts";
import { canAsk } from "./trust-question.ts";

/** Far more than any key; what is larger was piped in by mistake. */
const longest = 16_384;

export async function setKey(context: Context, id: string): Promise<number> {
  const { output } = context;
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const found = await originsFor(configuration, id);
  if ("lines" in found) {
    output.fail(found.lines);
    return 2;
  }
  const key = canAsk() ? await askKey(found.id) : await readInput();
  if (key === undefined) return 1;
  const wrong = await setStoredKey(configuration.folders, found.id, key, found.origins);
  if (wrong !== undefined) {
    output.fail([`nothing was stored: ${wrong}.`]);
    return 2;
  }
  output.say(`the key for ${found.id} is stored, and is sent to ${found.origins.join(", ")} only`);
  return 0;
}

export async function listKeys(context: Context): Promise<number> {
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const stored = await listStoredKeys(configuration.folders);
  return print(columns(stored.map(({ provider, origins }) => [provider, origins.join(", ")])));
}

export async function removeKey(context: Context, id: string): Promise<number> {
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  if (await removeStoredKey(configuration.folders, id)) {
    context.output.say(`the key for ${id} is removed`);
    return 0;
  }
  context.output.fail([`no key is stored for ${id}.`, "`fcc keys list` shows what is."]);
  return 2;
}

type Configuration = NonNullable<Awaited<ReturnType<typeof readConfiguration>>>;

/** Where the provider is: the only places to which its key will be sent. That it has no key yet is why we are here. */
async function originsFor(
  configuration: Configuration,
  id: string,
): Promise<{ id: string; origins: readonly string[] } | { lines: readonly string[] }> {
  const { assembleProvider, configuredIds, placesOf } = await import("../config/assemble-provider.ts");
  const { providerId } = await import("../config/known-providers.ts");
  const { layers } = configuration.merged;
  const known = providerId(id, configuration.rows, configuredIds(layers));
  const assembled = known === undefined ? undefined : assembleProvider(known, layers, configuration.rows);
  if (known === undefined || assembled === undefined) {
    const resolved = await resolveProvider(configuration, id);
    return { lines: resolved.error?.lines ?? [`"${id}" is not a known provider.`] };
  }
  if ("fault" in assembled) return { lines: assembled.fault };
  return { id: known, origins: placesOf(assembled) };
}

async function askKey(id: string): Promise<string | undefined> {
  const { password, isCancel } = await import("@clack/prompts");
  const answer = await password({ message: `The key for ${id} (it is not shown)`, output: process.stderr });
  return isCancel(answer) ? undefined : answer;
}

async function readInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > longest) break;
  }
  return text;
}
