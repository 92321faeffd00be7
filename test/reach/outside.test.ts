import type { LookupFunction } from "node:net";
import { describe, expect, it } from "vitest";
import { refusedByAddress } from "../../src/reach/outside.ts";
import type { Boundary } from "../../src/route/target.ts";

/** A resolver with these addresses for every name; none: nobody knows it. */
const resolver =
  (...addresses: readonly string[]): LookupFunction =>
  (_name, _options, callback) => {
    if (addresses.length === 0) return callback(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), []);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };

describe("a target's name before a session", () => {
  it.each<[name: string, boundary: Boundary, addresses: readonly string[], rule: string | undefined]>([
    ["outside", ["private"], ["203.0.113.9"], "private"],
    ["outside by every address", ["private"], ["203.0.113.9", "2001:db8::1"], "private"],
    ["on both sides: the socket takes the one inside", ["private"], ["203.0.113.9", "10.0.0.7"], undefined],
    ["inside", ["private"], ["10.0.0.7"], undefined],
    ["this machine by another name", ["local"], ["127.0.0.1"], undefined],
    ["an address in another's clothes", ["local"], ["::ffff:10.0.0.7"], "local"],
    ["metadata, though it is listed by its name", [["box.example"]], ["169.254.169.254"], undefined],
    ["nobody knows", ["private"], [], undefined],
    ["outside the block", [["10.0.0.0/8"]], ["192.168.1.7"], "10.0.0.0/8"],
    ["two boundaries, of which one refuses", ["private", ["10.0.0.0/8"]], ["192.168.1.7"], "10.0.0.0/8"],
    ["no boundary", [], ["203.0.113.9"], undefined],
  ])("%s", async (_name, boundary, addresses, rule) => {
    const url = new URL("http://box.example:8000/v1");
    const refused = await refusedByAddress(boundary, url, undefined, { patience: 1000, lookup: resolver(...addresses) });
    expect(refused?.rule).toBe(rule);
  });

  it("is refused where it would go through an HTTP proxy that is outside, or is not admitted by name", async () => {
    const proxy = new URL("http://10.0.0.1:3128");
    const url = new URL("https://box.example/v1");
    const options = { patience: 1000, lookup: resolver("10.0.0.7") };
    expect((await refusedByAddress(["private"], url, proxy, options))?.rule).toContain("HTTP proxy 10.0.0.1:3128");
    expect((await refusedByAddress([["box.example"]], url, proxy, options))?.rule).toContain("HTTP proxy 10.0.0.1:3128, which is outside");
    expect(await refusedByAddress([["box.example", "10.0.0.1"]], url, proxy, options)).toBeUndefined();
    // An address is a name that says where it is.
    for (const literal of ["https://10.0.0.9/v1", "https://[fd00::9]/v1"])
      expect(await refusedByAddress(["private"], new URL(literal), proxy, options)).toBeUndefined();
    const outside = new URL("http://192.0.2.1:3128");
    expect((await refusedByAddress(["private"], new URL("https://10.0.0.9/v1"), outside, options))?.rule).toContain("192.0.2.1:3128");
  });

  it("is left to the socket where its resolver is slow", async () => {
    const never: LookupFunction = () => {};
    expect(await refusedByAddress(["private"], new URL("http://box.example"), undefined, { patience: 10, lookup: never })).toBeUndefined();
  });
});
