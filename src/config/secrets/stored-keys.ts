import { join } from "node:path";
import type { Folders } from "../files/paths.ts";
import { type Records, recordsIn } from "../files/records.ts";
import { own } from "../files/tree.ts";
import { copiedAlong } from "./copied-key.ts";

/** A key that `fcc keys set` stored, and the origins that the provider had then, with the command that led there: it is sent to no other. */
export interface StoredKey {
  readonly key: string;
  readonly origins: readonly string[];
}

/** Far more than any key; what is larger was piped in by mistake. */
export const longestKey = 16_384;

function keysIn({ data }: Folders): Records<StoredKey> {
  return recordsIn(join(data, "keys.json"), "keys", ({ key, origins }) =>
    typeof key === "string" && Array.isArray(origins) ? { key, origins: origins.map(String) } : undefined,
  );
}

export const readStoredKeys = (folders: Folders) => keysIn(folders).all();

/** What is stored, read when something needs it: who has a key from elsewhere, or needs none, must not fail over a broken file. */
export type StoredKeys = () => Readonly<Record<string, StoredKey>>;

export function storedKeysIn(folders: Folders): StoredKeys {
  let read: ReturnType<StoredKeys> | undefined;
  return () => {
    read ??= readStoredKeys(folders);
    return read;
  };
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
  if (fault === undefined) await keysIn(folders).set(provider, { key: key.trim(), origins });
  return fault;
}

/** Providers with a stored key, and where it would be sent. Never the key. */
export function listStoredKeys(folders: Folders): readonly { readonly provider: string; readonly origins: readonly string[] }[] {
  return Object.entries(readStoredKeys(folders)).map(([provider, { origins }]) => ({ provider, origins }));
}

/** false: there was none. */
export async function removeStoredKey(folders: Folders, provider: string): Promise<boolean> {
  const keys = keysIn(folders);
  if (own(keys.all(), provider) === undefined) return false;
  await keys.remove([provider]);
  return true;
}
