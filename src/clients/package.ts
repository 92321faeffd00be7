import type { Machine } from "./client.ts";

/** How a client is installed, and what then starts it. */
export type Package = NativePackage | NodePackage | PythonPackage;

interface Published {
  readonly package: string;
  /** The version that fcc was tested with, and installs. */
  readonly version: string;
}

export interface NativePackage extends Published {
  readonly from: "npm";
  /** The native program below `node_modules`, which needs neither the package's install script nor Node. */
  binary(machine: Machine): string | undefined;
}

export interface NodePackage extends Published {
  readonly from: "npm";
  /** The script below `node_modules` that Node starts. */
  readonly script: string;
  /** The oldest Node that it runs on. */
  readonly node: string;
}

export interface PythonPackage extends Published {
  readonly from: "pip";
  /** What `python -m` starts. */
  readonly module: string;
  /** The oldest Python that it runs on, and the first that it does not. */
  readonly python: { readonly from: string; readonly below: string };
}

/** How people install it themselves. */
export function installCommand({ from, package: name, version }: Package): string {
  return from === "npm" ? `npm install -g ${name}@${version}` : `pipx install ${name}==${version}`;
}
