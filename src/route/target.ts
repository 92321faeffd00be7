import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Effort, Sampling } from "../model/request.ts";
import type { Tier } from "../model/tiers.ts";
import type { Row } from "../providers/row.ts";

/** The source of a key that `fcc keys set` has stored. */
export const storedKeys = "fcc keys";

/** A provider as this launch will talk to it: its row with the configuration over it, keys fetched. */
export interface Provider {
  readonly id: string;
  readonly row: Row;
  readonly speaks: Partial<Record<WireName, { readonly baseUrl: string }>>;
  /** Several keys are alternatives; empty for a provider without one. Secrets: never printed. */
  readonly keys: readonly string[];
  /** The source of the keys, for messages: "OPENROUTER_API_KEY", "~/.secrets/vllm", `storedKeys`. */
  readonly keySource?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly quirks: Quirks;
  readonly timeout: Timeouts;
  readonly tls?: TlsFiles;
  /** It is reached through a local port that a command forwards. Its address then gives only the names (Host, TLS) and the path. */
  readonly via?: Via;
  /** Where its address was written, for messages: ".fccrc:5", "OLLAMA_HOST", "built in". */
  readonly source: string;
}

/** A command that forwards a local port while it runs: the one given as `{port}` in its arguments, or the one that it prints. */
export interface Via {
  readonly command: readonly string[];
  /** Where it was written, for messages. */
  readonly source: string;
  /** Where it runs: the folder of the file that says it. */
  readonly folder?: string | undefined;
}

/** Milliseconds. There is no total: a reply may take any time while it keeps coming. */
export interface Timeouts {
  readonly connect: number;
  readonly firstByte: number;
  readonly idle: number;
}

/** PEM text, read at launch. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
}

/** One model of one provider, with what is configured or was found out about it. */
export interface Target {
  readonly provider: Provider;
  /** The model's name at the provider. */
  readonly model: string;
  /** The name that people and clients use, where `model` is a copy that this launch has made (Ollama, with another window). */
  readonly named?: string;
  /** Window in tokens. */
  readonly context?: number;
  readonly maxOutput?: number;
  /** What the profile fixes, whatever the client asks for. */
  readonly reasoning?: Effort | "off";
  readonly sampling?: Sampling;
  readonly behavesAs?: string;
  readonly quirks: Quirks;
}

/** What a launch runs on: for the main model and each tier a list of alternatives, the first one preferred. */
export interface Profile {
  readonly name: string;
  readonly main: Targets;
  readonly tiers: Readonly<Record<Tier, Targets>>;
  readonly subagent?: Targets;
  /** All configured providers, for `provider/model` in a request. */
  readonly providers: Readonly<Record<string, Provider>>;
  readonly boundary?: Boundary;
  /** Where each rule of the boundary was written, for messages: "profiles.night.boundary (.fccrc:16)". */
  readonly boundaryWritten?: readonly string[];
  /** Milliseconds of silence before the client is shown that the stream lives. Default 20,000. */
  readonly keepAliveAfter: number;
}

export type Targets = readonly [Target, ...Target[]];

/** "local", "private", or host patterns and CIDR blocks; a list of boundaries holds all of them at once (each layer narrows). */
export type Boundary = readonly (("local" | "private") | readonly string[])[];

/** Where a provider is: an address of any of its wires, chat's first. */
export function baseUrlOf({ speaks: { chat, messages, responses } }: Pick<Provider, "speaks">): string | undefined {
  return (chat ?? messages ?? responses)?.baseUrl;
}

/** The model's name for people and clients. */
export function nameOf({ model, named }: Target): string {
  return named ?? model;
}

export function targetName(target: Target): string {
  return `${target.provider.id}/${nameOf(target)}`;
}

/** The command that starts its server with a larger window, where there is one for people to start. */
export function largerWindow({ model, provider: { row } }: Target): string | undefined {
  return row.largerWindow?.replace("MODEL", () => model);
}
