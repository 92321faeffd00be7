import type { Client } from "../clients/client.ts";
import { installCommand } from "../clients/package.ts";
import { compareVersions } from "../clients/version.ts";
import { bad, doubt, type Finding, good } from "./finding.ts";

/** The oldest Node that fcc runs on. */
export const oldestNode = "20.18.1";

export function judgeNode(version: string): Finding {
  return compareVersions(version, oldestNode) < 0
    ? bad(`Node ${version} is older than ${oldestNode}`, `Install Node ${oldestNode} or later.`)
    : good(`Node ${version.replace(/^v/, "")}`);
}

export interface ClientSeen {
  readonly client: Client;
  /** undefined: not found. */
  readonly path?: string;
  /** What `--version` printed, or why it did not run. */
  readonly printed?: string;
  readonly failed?: boolean;
}

export function judgeClient({ client, path, printed = "", failed }: ClientSeen): Finding {
  const { id, name, oldest, install } = client;
  const update = installCommand(install);
  if (path === undefined)
    return doubt(
      `${name} is not installed; a launch on a terminal offers to install it`,
      `\`fcc ${id} --yes\` installs it into fcc's own folder, or: ${update}`,
    );
  const sent = `${path} --version`;
  const version = /\b\d+\.\d+\.\d+\b/.exec(printed)?.[0];
  if (failed === true || version === undefined)
    return bad(`${path} does not tell its version: ${printed.slice(0, 200) || "it said nothing"}`, `Install it again: ${update}`, sent);
  if (compareVersions(version, oldest) < 0)
    return bad(`${name} ${version} is too old: ${oldest} is the first that obeys what a launch sets`, update, sent);
  if (compareVersions(version, install.version) < 0)
    return doubt(`${name} ${version}; fcc is tested with ${install.version}`, update, sent);
  return good(`${name} ${version} at ${path}`, sent);
}
