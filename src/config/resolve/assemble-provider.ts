import { type WireName, wireNames } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import { compatible, mergeQuirks } from "../../providers/index.ts";
import type { Row } from "../../providers/row.ts";
import { nearest } from "../../route/nearest.ts";
import type { Timeouts, Via } from "../../route/target.ts";
import type { Layer } from "../files/layer.ts";
import { defined, own, type Path } from "../files/tree.ts";
import type { HeaderSource, KeySource, ProviderSettings, Settings } from "../schema/schema.ts";
import { shellWords } from "../shell-words.ts";
import { type Addresses, addressesAt, addressFor, originsOf } from "./addresses.ts";
import { providerId, type Rows } from "./known-providers.ts";
import { unknownKind } from "./unknown-provider.ts";

/** A provider as the configuration has it, before any secret is fetched. */
export interface AssembledProvider {
  readonly id: string;
  readonly row: Row;
  readonly addresses: Addresses;
  /** Where its address was written. */
  readonly source: string;
  readonly via?: Via;
  readonly key: AssembledKey;
  readonly headers: Readonly<
    Record<string, { readonly source: HeaderSource; readonly where: string; readonly folder?: string | undefined }>
  >;
  /** What the configuration writes over those of the row and the model. */
  readonly quirks: Quirks;
  readonly timeout: Timeouts;
  readonly tls?: NonNullable<ProviderSettings["tls"]>;
  readonly tlsSource?: string;
}

export type AssembledKey =
  /** The documented variables of its row. */
  | { readonly from: "row" }
  | { readonly from: "sources"; readonly sources: readonly KeySource[]; readonly where: string; readonly folder?: string | undefined }
  /** There was a key, but for another place: `where` sent the provider elsewhere, `written` is where a file named the key. */
  | { readonly from: "dropped"; readonly where: string; readonly written?: string }
  | { readonly from: "none" };

export interface ProviderFault {
  readonly fault: readonly string[];
}

export type SettledLayer = Layer & { readonly settings: Settings };

export const defaultTimeout: Timeouts = { connect: 10_000, firstByte: 600_000, idle: 300_000 };

/**
 * Puts a provider together from the layers, lowest first.
 *
 * Secrets do not follow a provider elsewhere. A key, or a header with a secret in it, belongs to the origins (scheme, host, port) that the
 * provider had where it was named, and to the command that forwarded to them (`via`). A layer that changes either loses the secrets of the
 * layers below and must name its own: otherwise a cloned project's `baseUrl` would be sent the user's key. For the same reason a command
 * is dropped when the origin that it was named with changes.
 */
export function assembleProvider(id: string, layers: readonly SettledLayer[], rows: Rows): AssembledProvider | ProviderFault {
  let row = own(rows, id);
  let addresses: Addresses = row?.speaks ?? {};
  let source = "built in";
  let key: AssembledKey = row?.key === undefined ? { from: "none" } : { from: "row" };
  let headers: AssembledProvider["headers"] = {};
  let quirks: Quirks = {};
  let timeout = defaultTimeout;
  let tls: ProviderSettings["tls"];
  let tlsSource: string | undefined;
  let better: Row["better"];
  let via: Via | undefined;
  let baseUrl: string | undefined;
  let speaks: ProviderSettings["speaks"];
  let addressed = false;

  for (const layer of layers) {
    const settings = own(layer.settings.providers, id);
    if (settings === undefined) continue;
    const where = (...path: Path) => layer.where(["providers", id, ...path]);
    const before = originsOf(addresses);
    const known = row !== undefined;
    if (settings.extends !== undefined) {
      row = own(rows, settings.extends);
      if (row === undefined) return { fault: [unknownKind(id, settings.extends, rows, where("extends"))] };
    }
    if (settings.baseUrl !== undefined) baseUrl = settings.baseUrl;
    if (settings.speaks !== undefined) speaks = { ...speaks, ...settings.speaks };
    addresses = addressesOf(row ?? (isSlip(id, rows) ? undefined : compatible), baseUrl, speaks);
    const written = addressPath(settings);
    if (written !== undefined) {
      source = where(...written);
      addressed = true;
    } else if (row !== undefined && !known) source = where("extends");

    const isMoved = !within(originsOf(addresses), known || before.length > 0 ? before : originsOf(row?.speaks ?? {}));
    const command = settings.via?.command;
    const isLedElsewhere = command !== undefined && JSON.stringify(command) !== JSON.stringify(via?.command);
    if (isLedElsewhere) via = { command, source: where("via"), folder: layer.folder };
    else if (isMoved && command === undefined) via = undefined;
    const goesElsewhere = isMoved || isLedElsewhere;
    if (goesElsewhere) headers = Object.fromEntries(Object.entries(headers).filter(([, header]) => header.source.value !== undefined));
    key = keyAfter(key, {
      named: settings.key && { from: "sources", sources: settings.key, where: where("key"), folder: layer.folder },
      movedBy: goesElsewhere ? (isLedElsewhere ? where("via") : source) : undefined,
      inEnvironment: layer.name === "environment",
      ofRow: row?.key !== undefined,
      isNew: !known,
    });

    for (const [name, value] of Object.entries(settings.headers ?? {}))
      headers = { ...headers, [name.toLowerCase()]: { source: value, where: where("headers", name), folder: layer.folder } };
    quirks = mergeQuirks(quirks, (settings.quirks ?? {}) as Quirks);
    timeout = { ...timeout, ...defined(settings.timeout ?? {}) };
    if (settings.tls !== undefined) {
      tls = { ...tls, ...settings.tls };
      tlsSource = where("tls");
    }
    if (settings.via?.wire !== undefined) better = always(settings.via.wire, `via in ${where("via")}`);
  }

  if (Object.keys(addresses).length === 0) {
    const first = firstPlace(id, layers);
    const meant = row === undefined ? providerId(id, rows, []) : undefined;
    if (meant !== undefined) return { fault: [`providers.${id} names no address (${first}). Did you mean "providers.${meant}"?`] };
    return { fault: addressFault(id, baseUrl, source === "built in" ? first : source, rows) };
  }
  if (row?.ownAddress === true && !addressed) return { fault: [ownAddressFault(id, row)] };
  const shape = row ?? { ...compatible, kind: kindOf(addresses) };
  return {
    id,
    row: better === undefined ? shape : { ...shape, better },
    addresses,
    source,
    key,
    headers,
    quirks,
    timeout,
    ...(tls && tlsSource && { tls, tlsSource }),
    ...(via && { via }),
  };
}

interface KeyChange {
  /** The key that the layer names. */
  readonly named: AssembledKey | undefined;
  /** Where the layer sends the provider's requests to another place, if it does. */
  readonly movedBy: string | undefined;
  /** The layer is the environment. */
  readonly inEnvironment: boolean;
  /** The provider's row names variables for a key. */
  readonly ofRow: boolean;
  /** It has its row from this layer. */
  readonly isNew: boolean;
}

/** Which key a provider has after one layer, by the rule of `assembleProvider`. */
function keyAfter(before: AssembledKey, { named, movedBy, inEnvironment, ofRow, isNew }: KeyChange): AssembledKey {
  if (named !== undefined) return named;
  if (movedBy === undefined) return before.from === "none" && ofRow && isNew ? { from: "row" } : before;
  // The address comes from the environment, and so does the row's key.
  if (inEnvironment && ofRow) return { from: "row" };
  if (before.from === "none" && !(ofRow && isNew)) return before;
  const written = before.from === "sources" ? before.where : before.from === "dropped" ? before.written : undefined;
  return { from: "dropped", where: movedBy, ...(written !== undefined && { written }) };
}

/** The places that a provider's secrets may go to: its origins, each with the command that leads there. */
export function placesOf({ addresses, via }: Pick<AssembledProvider, "addresses" | "via">): string[] {
  return originsOf(addresses).map((origin) => (via === undefined ? origin : `${origin} by \`${shellWords(via.command)}\``));
}

/** A name that is nearly a known server's: a typing error, or another server of its kind. Either way its row is a better guess than none. */
const isSlip = (id: string, rows: Rows) => id.length > 4 && nearest(id, Object.keys(rows)) !== undefined;

/**
 * The address of each wire. An address that is written for one wire leaves the others as they were, but only on the same origin: at another
 * they would be sent a key and prompts that are meant for this server. `speaks: chat`, without an address, limits the provider to that wire.
 */
function addressesOf(row: Row | undefined, baseUrl: string | undefined, speaks: ProviderSettings["speaks"]): Addresses {
  const nothingKnown = row === undefined || (Object.keys(row.speaks).length === 0 && speaks !== undefined);
  const base = nothingKnown ? {} : baseUrl === undefined ? row.speaks : addressesAt(baseUrl, row.speaks);
  const written: Addresses = {};
  for (const wire of wireNames) {
    const named = speaks?.[wire];
    if (named === undefined) continue;
    const address = named.baseUrl ?? (base[wire] === undefined ? baseUrl : undefined);
    if (address !== undefined) written[wire] = { baseUrl: addressFor(wire, address) };
    else if (base[wire] !== undefined) written[wire] = base[wire];
  }
  const named = Object.values(speaks ?? {});
  if (named.length > 0 && named.every((wire) => wire?.baseUrl === undefined)) return written;
  const origins = originsOf(written);
  if (within(origins, originsOf(base))) return { ...base, ...written };
  const there = Object.entries(base).filter(([, { baseUrl: address }]) => origins.includes(new URL(address).origin));
  return { ...Object.fromEntries(there), ...written };
}

function addressPath(settings: ProviderSettings): Path | undefined {
  if (settings.baseUrl !== undefined) return ["baseUrl"];
  const wire = wireNames.find((name) => settings.speaks?.[name]?.baseUrl !== undefined);
  return wire === undefined ? undefined : ["speaks", wire, "baseUrl"];
}

const within = (inner: readonly string[], outer: readonly string[]) => inner.every((origin) => outer.includes(origin));

function firstPlace(id: string, layers: readonly SettledLayer[]): string {
  return layers.find((layer) => own(layer.settings.providers, id) !== undefined)?.where(["providers", id]) ?? "built in";
}

function addressFault(id: string, baseUrl: string | undefined, place: string, rows: Rows): readonly string[] {
  const need = baseUrl === undefined ? "names no address" : "does not say what it speaks";
  const kind = nearest(id, Object.keys(rows)) ?? "vllm";
  return [
    `providers.${id} ${need} (${place}).`,
    `Write \`extends: ${kind}\` (or another known server), or \`speaks: { chat: { baseUrl: ... } }\`.`,
  ];
}

function ownAddressFault(id: string, row: Row): string {
  const variable = row.baseUrlEnv === undefined ? "" : `set ${row.baseUrlEnv}, or `;
  return `${row.name} has an address for each customer: ${variable}write providers.${id}.baseUrl.`;
}

const always = (wire: WireName, reason: string): NonNullable<Row["better"]> =>
  Object.fromEntries(wireNames.map((client) => [client, { wire, reason }]));

/** Of a server that only the configuration describes, nothing is known but its address. */
const kindOf = (addresses: Addresses): Row["kind"] =>
  originsOf(addresses).every((origin) =>
    /^https?:\/\/(?:localhost|127\.|\[::1\]|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[^./]+(?::|$)|[^/]*\.(?:local|lan|internal|home\.arpa)(?::|$))/.test(
      origin,
    ),
  )
    ? "local"
    : "cloud";
