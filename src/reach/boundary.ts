import ipaddr from "ipaddr.js";
import type { Boundary } from "../route/target.ts";

/** "unknown": only the address will tell. `rule` is the part of the boundary that refused. */
type Admission = { readonly verdict: "admitted" | "unknown" } | { readonly verdict: "refused"; readonly rule: string };

/**
 * Whether a boundary admits a host, by its name and by its real address, if that is known. Every listed rule must admit it; an empty list
 * admits everything. Cloud metadata addresses are never admitted. An IPv4-mapped IPv6 address (RFC 4291 2.5.5.2) counts as the IPv4 one.
 */
export function admits(boundary: Boundary, host: string, address?: string): Admission {
  if (boundary.length === 0) return { verdict: "admitted" };
  const name = hostName(host);
  const literal = parseAddress(address ?? name) ?? (address === undefined && isLocalName(name) ? ipaddr.parse("127.0.0.1") : undefined);
  if ([literal, parseAddress(name)].some((one) => one !== undefined && metadata.has(one.toString())))
    return { verdict: "refused", rule: "metadata addresses are never admitted" };
  let unknown = false;
  for (const rule of boundary) {
    const admitted = typeof rule === "string" ? admitsRange(rule, literal) : admitsListed(rule, name, literal);
    if (admitted === "no") return { verdict: "refused", rule: ruleName(rule) };
    if (admitted === "unknown") unknown = true;
  }
  return { verdict: unknown ? "unknown" : "admitted" };
}

/** The rule that refuses a host; undefined where none is known to. */
export function ruleAgainst(boundary: Boundary, host: string, address?: string): string | undefined {
  const admission = admits(boundary, host, address);
  return admission.verdict === "refused" ? admission.rule : undefined;
}

/** A rule as a person reads it. */
export function ruleName(rule: Boundary[number]): string {
  return typeof rule === "string" ? rule : rule.join(", ");
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Block = readonly [network: Address, bits: number];
type Answer = "yes" | "no" | "unknown";

/** Instance metadata services of clouds, which hand out credentials to anyone who asks. As private addresses they might be admitted. */
const metadata = new Set([
  "169.254.169.254",
  ...["fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"], // AWS: over IPv6, ECS, EKS
  "fd20:ce::254", // Google, over IPv6
  "fd00:c1::a9fe:a9fe", // Oracle, over IPv6
  "100.100.100.200", // Alibaba
  "169.254.0.23", // Tencent
]);

const loopback = new Set(["loopback", "unspecified"]);
const inside = new Set(["loopback", "unspecified", "private", "carrierGradeNat", "linkLocal", "uniqueLocal"]);

function admitsRange(rule: "local" | "private", address: Address | undefined): Answer {
  if (address === undefined) return "unknown";
  return (rule === "local" ? loopback : inside).has(address.range()) ? "yes" : "no";
}

function admitsListed(rules: readonly string[], name: string, address: Address | undefined): Answer {
  let blocks = false;
  for (const rule of rules) {
    const block = parseBlock(rule);
    if (block === undefined) {
      if (matchesName(rule, name)) return "yes";
      continue;
    }
    blocks = true;
    if (address !== undefined && isWithin(address, block)) return "yes";
  }
  return blocks && address === undefined ? "unknown" : "no";
}

/** `*.team.example` is any host below; `*` inside a label stands for any letters. A leading dot means the same as `*.`. */
export function matchesName(pattern: string, name: string): boolean {
  const wanted = hostName(pattern.startsWith(".") ? `*${pattern}` : pattern);
  if (!wanted.includes("*")) return wanted === name;
  const expression = wanted
    .split("*")
    .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`).test(name);
}

/** The name of a host as it is compared: lower case, without brackets, zone or the root's dot. */
export function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "")
    .replace(/\.$/, "");
}

/** RFC 6761: names under `localhost` are this machine. */
function isLocalName(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

/** An IP address, IPv4 where it is an IPv4-mapped IPv6 address; undefined for a name. */
export function parseAddress(text: string): Address | undefined {
  const plain = hostName(text);
  return ipaddr.isValid(plain) && (plain.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(plain)) ? ipaddr.process(plain) : undefined;
}

/** A CIDR block, or one address as a block of one. */
export function parseBlock(text: string): Block | undefined {
  const plain = hostName(text);
  if (ipaddr.isValidCIDR(plain)) return ipaddr.parseCIDR(plain);
  const address = parseAddress(plain);
  return address === undefined ? undefined : [address, address.kind() === "ipv4" ? 32 : 128];
}

/** Whether a block contains an address; one of the other family never does. */
export function isWithin(address: Address, [network, bits]: Block): boolean {
  return address.kind() === network.kind() && address.match([network, bits] as [ipaddr.IPv4, number]);
}

export function isLoopback(host: string): boolean {
  const name = hostName(host);
  return isLocalName(name) || loopback.has(parseAddress(name)?.range() ?? "");
}
