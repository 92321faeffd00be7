import { join } from "node:path";
import { inTurn } from "../files/in-turn.ts";
import type { Folders } from "../files/paths.ts";
import { readJsonFile, writePrivateFile } from "../files/private-file.ts";
import { isTree, own } from "../files/tree.ts";
import { copiedAlong } from "./copied-key.ts";

/** A key that `fcc keys set` stored, and the origins that the provider had then, with the command that led there: it is sent to no other. */
export interface StoredKey {
  readonly key: string;
  readonly origins: readonly string[];
}

/** Far more than any key; what is larger was piped in by mistake. */
export const longestKey = 16_384;

const fileOf = (folders: Folders) => join(folders.data, "keys.json");

export function readStoredKeys(folders: Folders): Keys {
  const stored = readJsonFile(fileOf(folders));
  const keys = isTree(stored) && isTree(stored.keys) ? stored.keys : {};
  return Object.fromEntries(
    Object.entries(keys).flatMap(([id, entry]) => {
      if (!isTree(entry) || typeof entry.key !== "string" || !Array.isArray(entry.origins)) return [];
      return [[id, { key: entry.key, origins: entry.origins.map(String) }]];
    }),
  );
}

/** What is wrong with a text as a key; undefined: nothing. White space around it counts for nothing. */
export function keyFault(key: string): string | undefined {
  const text = key.trim();
  if (text === "") return "the key is empty";
  if (text.length > longestKey) return "it is longer than any key";
  const along = copiedAlong(text);
  if (along !== undefined) return `that is ${along}`;
  return /^(?!["'])[\x21-\x7e]+$/.test(text) ? undefined : "the key holds more than one line, or characters that no key has";
}

/** Stores a key for the places of the provider (`placesOf`). Answers what is wrong with the key, or undefined. */
export async function setStoredKey(
  folders: Folders,
  provider: string,
  key: string,
  origins: readonly string[],
): Promise<string | undefined> {
  const fault = keyFault(key);
  if (fault === undefined) await change(folders, (keys) => ({ ...keys, [provider]: { key: key.trim(), origins } }));
  return fault;
}

/** Providers with a stored key, and where it would be sent. Never the key. */
export function listStoredKeys(folders: Folders): readonly { readonly provider: string; readonly origins: readonly string[] }[] {
  return Object.entries(readStoredKeys(folders)).map(([provider, { origins }]) => ({ provider, origins }));
}

/** false: there was none. */
export async function removeStoredKey(folders: Folders, provider: string): Promise<boolean> {
  if (own(readStoredKeys(folders), provider) === undefined) return false;
  await change(folders, (keys) => Object.fromEntries(Object.entries(keys).filter(([id]) => id !== provider)));
  return true;
}

type Keys = Readonly<Record<string, StoredKey>>;

function change(folders: Folders, made: (keys: Keys) => Keys): Promise<void> {
  return inTurn(fileOf(folders), async () => {
    const keys = made(readStoredKeys(folders));
    await writePrivateFile(fileOf(folders), `${JSON.stringify({ version: 1, keys }, undefined, 2)}\n`);
  });
}
