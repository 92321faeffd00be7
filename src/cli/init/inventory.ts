import { statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { clients } from "../../clients/index.ts";
import type { Adopted } from "../../config/adopt/adopted.ts";
import { readAnthropicEnvironment, readClaudeCodeSettings } from "../../config/adopt/anthropic-environment.ts";
import { readClaudeCodeRouter } from "../../config/adopt/claude-code-router.ts";
import { readFreeClaudeCode } from "../../config/adopt/free-claude-code.ts";
import { readOpenCode } from "../../config/adopt/opencode.ts";
import { type Configuration, configuredProviders, homeFolder, listStoredKeys, plain, showPath } from "../../config/index.ts";
import type { Found } from "../../discover/index.ts";
import { findClient } from "../../launch/find.ts";
import { thisMachine } from "../../launch/machine.ts";
import type { Environment } from "../../model/environment.ts";
import { rows } from "../../providers/index.ts";
import type { Reach } from "../../reach/reach.ts";
import { storedKeys } from "../../route/target.ts";
import { readText } from "../read-text.ts";
import { isAtSamePlace, namedByVariable, serversHere, silence } from "../servers-here.ts";
import { noModelLine } from "./choices.ts";

/** Another tool's configuration that was found, and where. */
export interface Adoptable extends Adopted {
  /** For `--from`. */
  readonly id: "claude-code-router" | "free-claude-code" | "environment" | "opencode";
  readonly label: string;
}

/** What this machine has to launch with. */
export interface Inventory {
  /** The first is what is chosen by who asks for nothing else: those without a model stand last. */
  readonly servers: readonly Found[];
  /** Servers that are not to be had, a sentence each: those that something names and that do not answer, and those of other users here. */
  readonly absent: readonly string[];
  /** Providers in the cloud whose key is there, and where it comes from. */
  readonly keyed: readonly { readonly id: string; readonly name: string; readonly from: string }[];
  readonly clients: readonly { readonly name: string; readonly path: string | undefined }[];
  readonly adoptable: readonly Adoptable[];
}

/** Milliseconds for the servers that are configured somewhere; those at usual ports of this machine get 300. */
const patience = 1000;
/** Bytes of another tool's configuration; a longer file is none. */
const longest = 1_000_000;

export async function takeInventory(configuration: Configuration, cwd: string, env: Environment, reach: Reach): Promise<Inventory> {
  const byVariable = namedByVariable(env);
  const ids = new Set([...configuredProviders(configuration), ...byVariable]);
  const { named, silent, others, strangers } = await serversHere(configuration, ids, reach, { env, patience });
  const byFile = named.filter(({ provider }) => !byVariable.includes(provider.id));
  const isNamedTwice = (one: Found) => !byFile.includes(one) && byFile.some((other) => isAtSamePlace(one, other));
  const servers = [...named.filter((one) => !isNamedTwice(one)), ...others];
  const isEmpty = (found: Found) => noModelLine(found) !== undefined;
  return {
    servers: [...servers.filter((found) => !isEmpty(found)), ...servers.filter(isEmpty)],
    absent: [...silent.map(silence).map(capital), ...strangers],
    keyed: keyedProviders(configuration, env),
    clients: installedClients(configuration, env),
    adoptable: adoptableHere(cwd, env),
  };
}

/** An address, with which some sentences begin, stays as it is. */
const capital = (sentence: string) => sentence.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());

function keyedProviders(configuration: Configuration, env: Environment): Inventory["keyed"] {
  const stored = listStoredKeys(configuration.folders);
  return Object.values(rows).flatMap((row) => {
    if (row.kind !== "cloud" || row.retired !== undefined || row.key === undefined) return [];
    const variable = row.key.env.find((name) => env[name]?.trim());
    const from = variable ?? (stored.some(({ provider }) => provider === row.id) ? storedKeys : undefined);
    return from === undefined ? [] : [{ id: row.id, name: row.name, from }];
  });
}

function installedClients({ folders }: Configuration, env: Environment): Inventory["clients"] {
  const machine = thisMachine();
  return clients.map((client) => ({
    name: client.name,
    path: findClient(client, { env, home: homeFolder(), machine, data: folders.data })?.path,
  }));
}

function adoptableHere(cwd: string, env: Environment): readonly Adoptable[] {
  const home = homeFolder();
  const file = (id: Adoptable["id"], path: string, read: (text: string) => Adopted | undefined): Adoptable[] => {
    const text = isFile(path) ? readText(path) : undefined;
    const adopted = text === undefined ? undefined : read(text);
    return adopted === undefined ? [] : [{ ...adopted, id, label: plain(showPath(path, cwd, home)) }];
  };
  const router = file("claude-code-router", join(home, ".claude-code-router", "config.json"), (text) => readClaudeCodeRouter(text, rows));
  const [free] = [join(cwd, ".env"), join(home, ".fcc", ".env")].flatMap((path) =>
    file("free-claude-code", path, (text) => readFreeClaudeCode(text, rows)),
  );
  const environment = readAnthropicEnvironment(env, rows);
  const ofClaudeCode =
    environment === undefined
      ? file("environment", join(env["CLAUDE_CONFIG_DIR"]?.trim() || join(home, ".claude"), "settings.json"), (text) =>
          readClaudeCodeSettings(text, rows),
        )
      : [{ ...environment, id: "environment" as const, label: "ANTHROPIC_BASE_URL" }];
  const named = env["XDG_CONFIG_HOME"] ?? "";
  // A relative one would be in the working folder, which may be a clone's.
  const folder = join(isAbsolute(named) ? named : join(home, ".config"), "opencode");
  const [openCode] = ["opencode.json", "opencode.jsonc"].flatMap((name) =>
    file("opencode", join(folder, name), (text) => readOpenCode(text, rows)),
  );
  return [...router, ...[free, openCode].flatMap((found) => found ?? []), ...ofClaudeCode];
}

/**
 * A clone may hold a link to a device, which has no end, or to what the kernel makes up, which says to be empty; a password manager puts a pipe
 * there, which waits to be unlocked.
 */
function isFile(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size > 0 && found.size <= longest;
  } catch {
    return false;
  }
}
