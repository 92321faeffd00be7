import type { Client } from "../clients/client.ts";
import { installCommand } from "../clients/package.ts";
import { compareVersions } from "../clients/version.ts";
import { bad, doubt, type Finding, findingsOn, good } from "./finding.ts";

/** The oldest Node that fcc runs on. */
export const oldestNode = "20.18.1";

export function judgeNode(version: string): Finding {
  return compareVersions(version, oldestNode) < 0
    ? bad(`Node ${version} is older than ${oldestNode}`, `Install Node ${oldestNode} or later.`)
    : good(`Node ${version.replace(/^v/, "")}`);
}

/** What a client answered when it was asked for its version. */
export interface VersionAnswer {
  /** How it was started, for people. */
  readonly program: string;
  readonly ok: boolean;
  /** What it printed; why not, where it did not end well. */
  readonly said: string;
}

/** @param answer undefined: the client is not installed */
export function judgeClient({ id, name, oldest, install }: Client, answer: VersionAnswer | undefined): Finding {
  const update = installCommand(install);
  if (answer === undefined)
    return doubt(
      `${name} is not installed; a launch on a terminal offers to install it`,
      `\`fcc ${id} --yes\` installs it into fcc's own folder, but not under a boundary; or: \`${update}\``,
    );
  const { program, ok, said } = answer;
  const on = findingsOn(`${program} --version`);
  const version = ok ? /\b\d+\.\d+\.\d+\b/.exec(said)?.[0] : undefined;
  if (version === undefined)
    return on.bad(`${program} does not tell its version: ${said.slice(0, 200) || "it said nothing"}`, `Install it again: \`${update}\``);
  if (compareVersions(version, oldest) < 0)
    return on.bad(`${name} ${version} is too old: ${oldest} is the first that obeys what a launch sets`, `Update it: \`${update}\``);
  if (compareVersions(version, install.version) < 0)
    return on.doubt(`${name} ${version}; fcc is tested with ${install.version}`, `Update it: \`${update}\``);
  return on.good(`${name} ${version} at ${program}`);
}
