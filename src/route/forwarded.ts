import { type Boundary, type Provider, type Target, targetName } from "./target.ts";

/** Why a target is not on this machine although its address is, where a boundary keeps requests here: what listens there hands them on. */
export function forwardedOutside(boundary: Boundary, target: Target): string | undefined {
  if (!boundary.includes("local") || !isForwarded(target)) return undefined;
  return `${targetName(target)} is outside the boundary (local): ${forwarder(target.provider)} forwards it to a machine elsewhere. Nothing was sent.`;
}

function isForwarded(target: Target): boolean {
  const { row, via } = target.provider;
  return via !== undefined || row.forwards?.when === "always" || isCloudModel(target);
}

function forwarder({ row, via }: Provider): string {
  return via === undefined ? row.name : `\`${via.command[0]}\` (${via.source})`;
}

/** A model that a server of one's own runs at its maker's, as Ollama does `kimi-k2:cloud`. */
export function isCloudModel({ provider: { row }, model }: Target): boolean {
  return row.forwards?.when === "cloud-models" && /[:-]cloud$/.test(model);
}
