import { save, setStoredKey, shellWord, trustProject } from "../../config/index.ts";
import { rows } from "../../providers/index.ts";
import type { Prepared, Work } from "./prepare.ts";

/** Writes what was prepared: the file, then its keys, so that none is there for what could not be written. Answers why nothing was. */
export async function write({ base, configuration, context }: Work, { planned, keys }: Prepared): Promise<string | undefined> {
  const fault = await save(planned);
  if (fault !== undefined) return fault;
  for (const [id, { key, origins }] of Object.entries(keys)) await setStoredKey(configuration.folders, id, key, origins);
  if (planned.scope !== "project") return undefined;
  // Who wrote it need not be asked whether it is trusted.
  const trusted = await trustProject({ cwd: base.cwd, env: base.env, rows });
  if (trusted.error) context.output.refuse(trusted.error);
  return undefined;
}

export function startLine({ name, isTaken }: Prepared): string {
  return isTaken ? "fcc claude" : `fcc claude --profile ${shellWord(name)}`;
}
