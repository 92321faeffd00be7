import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeOllamaCopy } from "../../../discover/index.ts";
import { isAlive, markForm, markOfProcess } from "../../../launch/alive.ts";
import type { Reach } from "../../../reach/reach.ts";
import { baseUrlOf, type Provider } from "../../../route/target.ts";
import { makeFolder } from "../../../system/make-folder.ts";
import { readCached } from "../../cache-file.ts";

/** Milliseconds that the end of a launch may take for it. */
const patience = 2_000;

/** The copies of models that a launch made on a server, for as long as it lives. */
export interface Copies {
  /** A word of this launch alone, for the names of its copies. */
  readonly launch: string;
  /** Written down before a copy is made, so that a killed launch leaves word of it. */
  add(provider: Provider, copy: string): void;
  /** Removes them all. */
  close(): Promise<void>;
}

const listName = new RegExp(`^(${markForm})-[0-9a-f]{6}\\.json$`);

interface Made {
  readonly provider: Provider;
  readonly copy: string;
}

/** The same as the list has it. */
interface Listed {
  /** The address of the server. */
  readonly at: string;
  readonly copy: string;
}

/**
 * The copies of this launch are listed in the cache, in a file named after its process: two launches side by side do not touch each
 * other's, and what a killed one left behind is removed by the next launch on the same server. Only what stands in such a list is removed.
 */
export function createCopies(cache: string, reach: Reach): Copies {
  const folder = join(cache, "ollama");
  const launch = randomBytes(3).toString("hex");
  const file = join(folder, `${markOfProcess()}-${launch}.json`);
  const made: Made[] = [];
  const swept = new Set<string>();

  const remove = (provider: Provider, copy: string) => removeOllamaCopy(provider, copy, reach, { patience });
  const save = (list: readonly Listed[], name: string) => {
    if (list.length === 0) return rmSync(name, { force: true });
    makeFolder(folder);
    writeFileSync(name, JSON.stringify(list), { mode: 0o600 });
  };
  const note = (copies: readonly Made[]) => {
    try {
      save(
        copies.map(({ provider, copy }) => ({ at: baseUrlOf(provider) ?? "", copy })),
        file,
      );
    } catch {
      // Without a cache folder only a killed launch leaves something behind.
    }
  };

  /** In the background: what does not succeed is left to the next launch. */
  async function sweep(provider: Provider): Promise<void> {
    const at = baseUrlOf(provider) ?? "";
    if (swept.has(at)) return;
    swept.add(at);
    try {
      for (const name of readdirSync(folder)) {
        const owner = listName.exec(name)?.[1];
        if (owner === undefined || isAlive(owner)) continue;
        const path = join(folder, name);
        const kept: Listed[] = [];
        for (const listed of read(path)) {
          if (listed.at !== at || (await remove(provider, listed.copy)) !== undefined) kept.push(listed);
        }
        save(kept, path);
      }
    } catch {
      // Another launch was here first.
    }
  }

  return {
    launch,
    add(provider, copy) {
      void sweep(provider);
      made.push({ provider, copy });
      note(made);
    },
    async close() {
      const left = await Promise.all(made.map(async (one) => ((await remove(one.provider, one.copy)) === undefined ? [] : [one])));
      note(left.flat());
    },
  };
}

function read(path: string): readonly Listed[] {
  const list = readCached(path);
  return Array.isArray(list) ? list.filter(isListed) : [];
}

/** A name that only a launch gives: nothing else is ever removed, whatever the file says. */
function isListed(value: unknown): value is Listed {
  const { at, copy } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof at === "string" && typeof copy === "string" && /^fcc\/.+-\d+-[0-9a-f]{6}$/.test(copy);
}
