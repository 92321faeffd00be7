import { defined } from "../../model/defined.ts";
import { wireNames } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import { compatible, mergeQuirks } from "../../providers/index.ts";
import type { Row } from "../../providers/row.ts";
import { nearest } from "../../route/nearest.ts";
import type { Timeouts, Via } from "../../route/target.ts";
import type { Layer } from "../files/layer.ts";
import { own, type Path } from "../files/tree.ts";
import type { ProviderSettings } from "../schema/provider.ts";
import type { Settings } from "../schema/schema.ts";
import type { HeaderSource } from "../schema/secret-sources.ts";
import { shellWords } from "../shell-words.ts";
import { type Addresses, addressesOf, kindOf, originsOf } from "./addresses.ts";
import { type AssembledKey, keyAfter } from "./key-after.ts";
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

export interface ProviderFault {
  readonly fault: readonly string[];
}

export type SettledLayer = Layer & { readonly settings: Settings };

export const defaultTimeout: Timeouts = { connect: 10_000, firstByte: 600_000, idle: 300_000 };

/** What one layer says of the provider. */
interface Said {
  readonly layer: SettledLayer;
  readonly settings: ProviderSettings;
  readonly where: (...path: Path) => string;
}

/** Puts a provider together from the layers, lowest first. */
export function assembleProvider(id: string, layers: readonly SettledLayer[], rows: Rows): AssembledProvider | ProviderFault {
  const said = layers.flatMap((layer): Said[] => {
    const settings = own(layer.settings.providers, id);
    return settings === undefined ? [] : [{ layer, settings, where: (...path) => layer.where(["providers", id, ...path]) }];
  });
  for (const { settings, where } of said)
    if (settings.extends !== undefined && own(rows, settings.extends) === undefined)
      return { fault: [unknownKind(id, settings.extends, rows, where("extends"))] };

  const standing = said.reduce<Standing>((before, one) => standingAfter(before, one, id, rows), standingOf(own(rows, id)));
  if (Object.keys(standing.addresses).length === 0) return { fault: addressFault(id, standing, said[0]?.where() ?? "built in", rows) };
  const { row } = standing;
  if (row !== undefined && lacksAddress(row) && said.every(({ settings }) => addressPath(settings) === undefined))
    return { fault: [ownAddressFault(id, row)] };
  const form = row && formIn(standing.addresses, row);
  if (row !== undefined && form !== undefined)
    return { fault: [`${row.name} has an address for each ${row.ownAddress}: ${standing.source} lacks its path, ${form}.`] };

  // `via` names a wire for every client.
  const better = said
    .flatMap(({ settings: { via }, where }) => (via?.wire === undefined ? [] : [{ wire: via.wire, reason: `via in ${where("via")}` }]))
    .at(-1);
  const tls = said.findLast(({ settings }) => settings.tls !== undefined);
  return {
    id,
    row: {
      ...(row ?? { ...compatible, kind: kindOf(standing.addresses) }),
      ...(better && { better: Object.fromEntries(wireNames.map((client) => [client, better])) }),
    },
    addresses: standing.addresses,
    source: standing.source,
    key: standing.key,
    headers: standing.headers,
    quirks: said.reduce<Quirks>((lower, { settings }) => mergeQuirks(lower, (settings.quirks ?? {}) as Quirks), {}),
    timeout: Object.assign({}, defaultTimeout, ...said.map(({ settings }) => defined(settings.timeout ?? {}))),
    ...(tls && { tls: Object.assign({}, ...said.map(({ settings }) => settings.tls)), tlsSource: tls.where("tls") }),
    ...(standing.via && { via: standing.via }),
  };
}

/** Where a provider is by the layers so far. */
interface Place extends Pick<AssembledProvider, "addresses" | "source"> {
  readonly row: Row | undefined;
  readonly baseUrl?: string | undefined;
  readonly speaks?: ProviderSettings["speaks"];
}

/** The same, with what leads there and what it is sent of secrets. */
type Standing = Place & Pick<AssembledProvider, "via" | "key" | "headers">;

function standingOf(row: Row | undefined): Standing {
  return {
    row,
    addresses: row?.speaks ?? {},
    source: row?.placedBy ?? "built in",
    key: { from: row?.key === undefined ? "none" : "row" },
    headers: {},
  };
}

/**
 * Secrets do not follow a provider elsewhere. A key, or a header with a secret in it, belongs to the origins (scheme, host, port) that the
 * provider had where it was named, and to the command that forwarded to them (`via`). A layer that changes either loses the secrets of the
 * layers below and must name its own: otherwise a cloned project's `baseUrl` would be sent the user's key. For the same reason a command
 * is dropped when the origin that it was named with changes.
 */
function standingAfter(before: Standing, said: Said, id: string, rows: Rows): Standing {
  const { layer, settings, where } = said;
  const place = placeAfter(before, said, id, rows);
  const { row } = place;
  const isNew = before.row === undefined;
  const home = isNew && Object.keys(before.addresses).length === 0 ? (row?.speaks ?? {}) : before.addresses;
  const isMoved = !originsOf(place.addresses).every((origin) => originsOf(home).includes(origin));
  const command = settings.via?.command;
  const isLedElsewhere = command !== undefined && JSON.stringify(command) !== JSON.stringify(before.via?.command);
  const movedBy = isLedElsewhere ? where("via") : isMoved ? place.source : undefined;
  const stays = isMoved && command === undefined ? undefined : before.via;
  const via = isLedElsewhere ? { command, source: where("via"), folder: layer.folder } : stays;
  const key = keyAfter(before.key, {
    named: settings.key && { from: "sources", sources: settings.key, where: where("key"), folder: layer.folder },
    movedBy,
    inEnvironment: layer.name === "environment",
    ofRow: row?.key !== undefined,
    isNew,
  });
  const kept = Object.entries(before.headers).filter(([, header]) => movedBy === undefined || header.source.value !== undefined);
  const named = Object.entries(settings.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), { source: value, where: where("headers", name), folder: layer.folder }] as const,
  );
  return { ...place, ...(via && { via }), key, headers: Object.fromEntries([...kept, ...named]) };
}

function placeAfter(before: Place, { settings, where }: Said, id: string, rows: Rows): Place {
  const row = settings.extends === undefined ? before.row : own(rows, settings.extends);
  const baseUrl = settings.baseUrl ?? before.baseUrl;
  const speaks = settings.speaks === undefined ? before.speaks : { ...before.speaks, ...settings.speaks };
  const addresses = addressesOf(row ?? (isSlip(id, rows) ? undefined : compatible), baseUrl, speaks);
  const written = addressPath(settings);
  const isFirst = before.row === undefined && row !== undefined;
  const source = written !== undefined ? where(...written) : isFirst ? where("extends") : before.source;
  return { row, baseUrl, speaks, addresses, source };
}

/** The places that a provider's secrets may go to: its origins, each with the command that leads there. */
export function placesOf({ addresses, via }: Pick<AssembledProvider, "addresses" | "via">): string[] {
  return originsOf(addresses).map((origin) => (via === undefined ? origin : `${origin} by \`${shellWords(via.command)}\``));
}

/**
 * A name that is nearly a known server's, or the same in another case: a typing error, or another server of its kind. Either way its row is a
 * better guess than none. The other spelling of one is no error: tools that have no such row call a gateway so.
 */
const isSlip = (id: string, rows: Rows) =>
  id.length > 4 && [undefined, id.toLowerCase()].includes(providerId(id, rows, [])) && nearest(id, Object.keys(rows)) !== undefined;

/** Where a layer says an address, if it does. */
function addressPath(settings: ProviderSettings): Path | undefined {
  if (settings.baseUrl !== undefined) return ["baseUrl"];
  const wire = wireNames.find((name) => settings.speaks?.[name]?.baseUrl !== undefined);
  return wire === undefined ? undefined : ["speaks", wire, "baseUrl"];
}

function addressFault(id: string, { row, baseUrl, source }: Standing, first: string, rows: Rows): readonly string[] {
  const meant = row === undefined ? providerId(id, rows, []) : undefined;
  if (meant !== undefined && baseUrl === undefined)
    return [`providers.${id} names no address (${first}). Did you mean "providers.${meant}"?`];
  const need = baseUrl === undefined ? "names no address" : "does not say what it speaks";
  const kind = nearest(id, Object.keys(rows)) ?? "vllm";
  return [
    `providers.${id} ${need} (${source === "built in" ? first : source}).`,
    `Write \`extends: ${kind}\` (or another known server), or \`speaks: { chat: { baseUrl: ... } }\`.`,
  ];
}

/** Its own addresses are forms of which parts are missing. */
export const lacksAddress = ({ ownAddress, placedBy }: Row) => ownAddress !== undefined && placedBy === undefined;

/** The path of a row's form, where an address has only another host. */
function formIn(addresses: Addresses, { speaks, parts = {} }: Row): string | undefined {
  const forms = Object.values(speaks).map(({ baseUrl }) => new URL(baseUrl).pathname);
  const isOpen = (path: string) => forms.includes(path) && path.split("/").some((segment) => Object.hasOwn(parts, segment));
  return Object.values(addresses)
    .map(({ baseUrl }) => new URL(baseUrl).pathname)
    .find(isOpen);
}

function ownAddressFault(id: string, row: Row): string {
  const parts = [...new Set(Object.values(row.parts ?? {}).map(({ env }) => env[0]))].join(" and ");
  const variables = [row.baseUrlEnv, parts].filter(Boolean).map((names) => `set ${names}, or `);
  return `${row.name} has an address for each ${row.ownAddress}: ${variables.join("")}write providers.${id}.baseUrl.`;
}
