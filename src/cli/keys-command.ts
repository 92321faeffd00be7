import {
  configuredProviders,
  keyBeforeStored,
  listStoredKeys,
  longestKey,
  providerId,
  providerOrigins,
  removeStoredKey,
  setStoredKey,
} from "../config/index.ts";
import { readConfiguration } from "./configuration.ts";
import { columns, print } from "./print.ts";
import type { Context } from "./program.ts";
import { canAsk } from "./trust-question.ts";

export async function setKey(context: Context, id: string, written?: string): Promise<number> {
  const { output } = context;
  if (written !== undefined) {
    return output.fail([
      "a key does not belong on a command line: the shell's history keeps it. It is asked for, or read from standard input.",
      `fcc keys set ${id}`,
    ]);
  }
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const found = providerOrigins(configuration, id);
  if (found.error) return output.refuse(found.error);
  const key = canAsk() ? await askKey(found.id) : await readInput();
  if (key === undefined) return 1;
  const wrong = await setStoredKey(configuration.folders, found.id, key, found.origins);
  if (wrong !== undefined) return output.fail([`nothing was stored: ${wrong}.`]);
  output.say(`the key for ${found.id} is stored, and is sent to ${found.origins.join(", ")} only`);
  const before = await keyBeforeStored(configuration, found.id);
  if (before !== undefined) output.warn(`it is not sent for now: the key of ${before} comes before it`);
  return 0;
}

export async function listKeys(context: Context): Promise<number> {
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const stored = listStoredKeys(configuration.folders);
  return print(columns(stored.map(({ provider, origins }) => [provider, origins.join(", ")])));
}

export async function removeKey(context: Context, id: string): Promise<number> {
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  // By the name that is stored, else by what it is another spelling of.
  for (const name of new Set([id, providerId(id, configuration.rows, configuredProviders(configuration)) ?? id])) {
    if (!(await removeStoredKey(configuration.folders, name))) continue;
    context.output.say(`the key for ${name} is removed`);
    return 0;
  }
  return context.output.fail([`no key is stored for ${id}.`, "`fcc keys list` shows what is."]);
}

async function askKey(id: string): Promise<string | undefined> {
  const { password, isCancel } = await import("./prompts.ts");
  const answer = await password({ message: `The key for ${id} (it is not shown)`, output: process.stderr });
  return isCancel(answer) ? undefined : answer;
}

async function readInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > longestKey) break;
  }
  return text;
}
