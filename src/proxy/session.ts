import { createLongIds, type LongIds } from "../mend/long-ids.ts";
import type { Sink } from "../model/fact.ts";
import type { WireName } from "../model/opaque.ts";
import type { Ids } from "../model/stage.ts";
import type { ClientWire, ProviderWire } from "../model/wire.ts";
import type { Reach } from "../reach/reach.ts";
import { emptyMemory, type Memory } from "../route/memory.ts";
import { secretsIn } from "../route/secrets.ts";
import type { Profile, Provider, Target } from "../route/target.ts";
import { createResponseMemory, type ResponseMemory } from "../wire/responses/memory.ts";
import { type Counts, createCounts } from "./counts/counts.ts";
import { createServerCounts, type ServerCounts } from "./counts/server-counts.ts";
import { createToldFailures, type ToldFailures } from "./told-failures.ts";

/** What a launch gives its proxy. */
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
  /** The window of a target as far as it is known by now, in tokens; over what the profile says. */
  readonly windowOf?: (target: Target) => number | undefined;
  /** The names of a provider's models, where it has told them: for requests that name one by a part. */
  readonly listed?: (provider: string) => readonly string[] | undefined;
  /** Fetches the secrets of a provider anew after it refused them: a command may give others. `fault`: why there are none, a sentence. */
  readonly renewSecrets?: (provider: Provider) => Promise<(Secrets & { readonly fault?: undefined }) | { readonly fault: string }>;
  /** Drawn anew for each launch when absent: 256 bits. */
  readonly token?: string;
  /** A wire that a provider does not have is a failure, also where it has another: for who asks whether it has it. */
  readonly fixedWires?: boolean;
  /** Bodies are handed to the sink. */
  readonly traceBodies?: boolean;
}

/** What a provider knows us by. */
export type Secrets = Pick<Provider, "keys" | "headers">;

/** What the proxy holds for as long as a launch lives. */
export interface Session {
  readonly options: ProxyOptions;
  memory: Memory;
  readonly counts: Counts;
  readonly serverCounts: ServerCounts;
  readonly told: ToldFailures;
  /** What was said before, for clients of the Responses wire that do not repeat it. */
  readonly responses: ResponseMemory;
  /** Which of several possible addresses answered, by provider and wire. */
  readonly addresses: Map<string, number>;
  /** Wires that a provider turned out not to have, while it has another: "box messages". */
  readonly absentWires: Set<string>;
  /** Keys and headers that were fetched anew, by provider. */
  readonly renewed: Map<string, Secrets>;
  /** Secrets that are being fetched anew, by provider. */
  readonly renewing: Map<string, ReturnType<NonNullable<ProxyOptions["renewSecrets"]>>>;
  /** Since when secrets that were fetched anew change nothing in what a target refuses, by its name. */
  readonly forbidden: Map<string, number>;
  /** Digests of the signatures, or the encrypted content, of thinking that a target refused, by its name. */
  readonly refusedSignatures: Map<string, ReadonlySet<string>>;
  /** Targets that refused the ids of calls that another model wrote. */
  readonly refusedIds: Set<string>;
  /** Ids of calls that no client takes, by the target that wrote them. */
  readonly longIds: (maker: string) => LongIds;
}

export function createSession(options: ProxyOptions): Session {
  return {
    options,
    memory: emptyMemory,
    counts: createCounts(),
    serverCounts: createServerCounts(options.clock),
    told: createToldFailures(),
    responses: createResponseMemory(),
    addresses: new Map(),
    absentWires: new Set(),
    renewed: new Map(),
    renewing: new Map(),
    forbidden: new Map(),
    refusedSignatures: new Map(),
    refusedIds: new Set(),
    longIds: createLongIds(),
  };
}

export function secretsOf(session: Session, provider: Provider): Secrets {
  return session.renewed.get(provider.id) ?? provider;
}

/** Secrets that no message may show, since providers repeat in an error what they were sent. */
export function textsToRedact(session: Session, provider: Provider): readonly string[] {
  return secretsIn({ ...provider, ...secretsOf(session, provider) });
}

/** A provider that only a request names has no key before its command is run for one that it refused. */
export function keyOf(session: Session, provider: Provider, index = 0): string | undefined {
  return secretsOf(session, provider).keys[index];
}

export function windowOf(session: Session, target: Target): number | undefined {
  return session.options.windowOf?.(target) ?? target.context;
}
