import type { Readable } from "node:stream";
import { createLongIds, type LongIds } from "../mend/long-ids.ts";
import type { Sink } from "../model/fact.ts";
import type { WireName } from "../model/opaque.ts";
import type { Ids } from "../model/stage.ts";
import type { ClientWire, ProviderWire } from "../model/wire.ts";
import type { Reach } from "../reach/reach.ts";
import { emptyMemory, type Memory } from "../route/memory.ts";
import type { Profile, Provider, Target } from "../route/target.ts";
import { createResponseMemory, type ResponseMemory } from "../wire/responses/memory.ts";
import { type Counts, createCounts } from "./counts/counts.ts";
import { createServerCounts, type ServerCounts } from "./counts/server-counts.ts";
import { type CurrentSecrets, createSecrets, type RenewSecrets } from "./current-secrets.ts";
import { createToldFailures, type ToldFailures } from "./told-failures.ts";

/** What a proxy is started with. */
export interface ProxyOptions {
  readonly profile: Profile;
  readonly reach: Reach;
  readonly sink: Sink;
  readonly ids: Ids;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly wires: {
    readonly clients: Readonly<Record<WireName, ClientWire>>;
    readonly providers: Readonly<Record<WireName, ProviderWire>>;
  };
  /** The context window of a target as far as it is known by now, in tokens; takes precedence over the profile's. */
  readonly windowOf?: (target: Target) => number | undefined;
  /** The names of a provider's models, if it has listed them: for requests that give only part of one. */
  readonly listed?: (provider: string) => readonly string[] | undefined;
  readonly renewSecrets?: RenewSecrets;
  /** Random (256 bits) when absent. */
  readonly token?: string;
  /** A wire that a provider lacks is a failure even if it has another one: for `fcc doctor` and `fcc init`, which ask about that wire. */
  readonly fixedWires?: boolean;
  /** Bodies are given to the sink. */
  readonly traceBodies?: boolean;
}

/** What the proxy remembers for the length of a launch. */
export interface Session {
  readonly options: ProxyOptions;
  memory: Memory;
  readonly counts: Counts;
  readonly serverCounts: ServerCounts;
  readonly told: ToldFailures;
  /** Earlier replies, for clients of the Responses wire that refer to them by id (`previous_response_id`). */
  readonly responses: ResponseMemory;
  /** Which of several possible addresses has answered, by `placeOf`. */
  readonly addresses: Map<string, number>;
  /** The targets that have answered, each with the wire: "box/model messages". */
  readonly served: Set<string>;
  /** Wires that a provider turned out not to have, by `placeOf`: "box messages". */
  readonly absentWires: Set<string>;
  readonly secrets: CurrentSecrets;
  /** Digests of the signatures, or the encrypted content, of thinking that a target has refused, by its name. */
  readonly refusedSignatures: Map<string, ReadonlySet<string>>;
  /** Targets that refused the tool call ids of another model, by name. */
  readonly refusedIds: Set<string>;
  /**
   * The latest streamed reply, and by its listeners the functions that read it. Such functions are made anew for each reply, and V8 keeps what
   * it has optimised of them only as long as a collection finds one: without this one it optimises the same again after each collection.
   */
  latest?: Readable;
  /** Tool call ids that are too long for any client, by the target that wrote them. */
  readonly longIds: (maker: string) => LongIds;
}

export function createSession(options: ProxyOptions): Session {
  return {
    options,
    memory: emptyMemory,
    counts: createCounts(),
    serverCounts: createServerCounts(options.clock),
    told: createToldFailures(options.clock),
    responses: createResponseMemory(),
    addresses: new Map(),
    served: new Set(),
    absentWires: new Set(),
    secrets: createSecrets(options.renewSecrets, options.clock),
    refusedSignatures: new Map(),
    refusedIds: new Set(),
    longIds: createLongIds(),
  };
}

/**
 * The most bytes of a request, as it came and as it was sent, and of a stream, that are held for what reads it (`Session.latest`): the readers
 * hold both bodies, and a writer gathers what it tells of a whole reply at its end.
 */
export const largestKept = 512 * 1024;

/** By which name a session keeps what it knows of a provider on one wire. */
export const placeOf = ({ id }: Provider, wire: string): string => `${id} ${wire}`;

export function windowOf(session: Session, target: Target): number | undefined {
  return session.options.windowOf?.(target) ?? target.context;
}
