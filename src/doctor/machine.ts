import { bad, doubt, type Finding, good } from "./finding.ts";

/** The oldest Node that fcc runs on. */
export const oldestNode = "20.18.1";

/** Negative, zero or positive, as the first version is older, the same or newer. What follows a hyphen counts for nothing. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) =>
    version
      .replace(/^v/, "")
      .replace(/[-+].*$/, "")
      .split(".")
      .map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let place = 0; place < 3; place += 1) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function judgeNode(version: string): Finding {
  return compareVersions(version, oldestNode) < 0
    ? bad(`Node ${version} is older than ${oldestNode}`, `Install Node ${oldestNode} or later.`)
    : good(`Node ${version.replace(/^v/, "")}`);
}

export interface ClientSeen {
  readonly name: string;
  readonly package: string;
  /** The version whose behaviour fcc was tested with. */
  readonly tested: string;
  /** The oldest that understands what a launch sets. */
  readonly oldest: string;
  /** undefined: not found. */
  readonly path?: string;
  /** What `--version` printed, or why it did not run. */
  readonly printed?: string;
  readonly failed?: boolean;
}

export function judgeClient({ name, package: pack, tested, oldest, path, printed = "", failed }: ClientSeen): Finding {
  const update = `npm install -g ${pack}@${tested}`;
  if (path === undefined)
    return doubt(
      `${name} is not installed; a launch on a terminal offers to install it`,
      `\`fcc claude --yes\` installs it into fcc's own folder, or: ${update}`,
    );
  const sent = `${path} --version`;
  const version = /\b\d+\.\d+\.\d+\b/.exec(printed)?.[0];
  if (failed === true || version === undefined)
    return bad(`${path} does not tell its version: ${printed.slice(0, 200) || "it said nothing"}`, `Install it again: ${update}`, sent);
  if (compareVersions(version, oldest) < 0)
    return bad(`${name} ${version} is too old: ${oldest} is the first that obeys what a launch sets`, update, sent);
  if (compareVersions(version, tested) < 0) return doubt(`${name} ${version}; fcc is tested with ${tested}`, update, sent);
  return good(`${name} ${version} at ${path}`, sent);
}
