import type { WireName } from "../../src/model/opaque.ts";
import type { Row } from "../../src/providers/row.ts";
import type { Profile, Provider, Target, Targets } from "../../src/route/target.ts";

/** A server's address for each of these wires. */
export const wiresAt = (url: string, ...wires: WireName[]): Provider["speaks"] =>
  Object.fromEntries(wires.map((wire) => [wire, { baseUrl: url }]));

/** A provider at an address, with what a test says over harmless values. */
export function providerAt(url: string, over: Partial<Provider> = {}, row: Partial<Row> = {}): Provider {
  const { id = "box", speaks = wiresAt(`${url}/v1`, "chat") } = over;
  return {
    id,
    row: {
      id,
      name: "Box",
      kind: "local",
      speaks,
      quirks: {},
      start: "boxd",
      docs: "https://docs.example",
      ...row,
    },
    speaks,
    keys: [],
    headers: {},
    quirks: row.quirks ?? {},
    timeout: { connect: 2000, firstByte: 5000, idle: 5000 },
    source: ".fccrc:5",
    ...over,
  };
}

export function targetOf(provider: Provider, model = "m", over: Partial<Target> = {}): Target {
  return { provider, model, quirks: provider.quirks, ...over };
}

export function profileOf(main: Targets, over: Partial<Profile> = {}): Profile {
  const providers = Object.fromEntries([...main, ...Object.values(over.tiers ?? {}).flat()].map(({ provider }) => [provider.id, provider]));
  return {
    name: "test",
    main,
    tiers: { opus: main, sonnet: main, haiku: main, fable: main },
    providers,
    keepAliveAfter: 20_000,
    ...over,
  };
}
