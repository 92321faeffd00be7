// What a request through fcc costs beside the relay and the floor. Each figure is a row: name, one text for each side, ratio or aim.
import { setTimeout as after } from "node:timers/promises";
import { ask, bodyOf, median, quantile } from "./ask.mjs";
import { cpuOf, lagOf, residentOf } from "./sides.mjs";

const ms = (value) => `${value.toFixed(2)} ms`;
const ratio = (value, base) => (value / base).toFixed(2);

/** Rounds of one measurement on each side in turn, after some to warm up. */
async function interleave(sides, rounds, measure) {
  const seen = Object.fromEntries(sides.map(([name]) => [name, []]));
  for (let round = -Math.ceil(rounds / 6); round < rounds; round += 1) {
    for (const [name, side] of sides) {
      const value = await measure(side);
      if (round >= 0) seen[name].push(value);
    }
  }
  return seen;
}

const pick = (sides, ...names) => names.map((name) => [name, sides[name]]);

export async function firstDelta(sides, kilobytes, rounds) {
  const body = bodyOf(kilobytes, "deltas=1");
  const seen = await interleave(pick(sides, "upstream", "relay", "floor", "fcc"), rounds, async (side) => (await ask(side, body)).first);
  const added = (name) => median(seen[name]) - median(seen.upstream);
  const name = `added time to the first delta, ${kilobytes} KB`;
  return [name, ms(added("relay")), ms(added("floor")), ms(added("fcc")), `${ratio(added("fcc"), added("floor"))} x floor`];
}

export async function nativeByte(sides, kilobytes, rounds) {
  const body = bodyOf(kilobytes, "deltas=1", "native/bench");
  const seen = await interleave(pick(sides, "relay", "fcc"), rounds, async (side) => (await ask(side, body)).firstByte);
  const [relay, fcc] = [median(seen.relay), median(seen.fcc)];
  return [`native: time to the first byte, ${kilobytes} KB`, ms(relay), "", ms(fcc), `${ratio(fcc, relay)} x relay`];
}

/** At one millisecond apart, each delta arrives by itself. */
export async function cpuPerDelta(sides, kind, rounds, deltas) {
  const body = bodyOf(16, `deltas=${deltas} ${kind} every=1`);
  const seen = await interleave(pick(sides, "relay", "floor", "fcc"), rounds, async (side) => {
    const before = cpuOf(side);
    await ask(side, body);
    return (cpuOf(side) - before) / deltas;
  });
  const [relay, floor, fcc] = [median(seen.relay), median(seen.floor), median(seen.fcc)];
  const us = (value) => `${value.toFixed(0)} us`;
  return [`CPU for a delta of ${kind}`, us(relay), us(floor), us(fcc), `${ratio(fcc, floor)} x floor`];
}

export async function atOnce(sides, rounds, requests) {
  const body = bodyOf(16, "deltas=20");
  const seen = await interleave(pick(sides, "relay", "floor", "fcc"), rounds, async (side) => {
    const begun = performance.now();
    let open = requests;
    const client = async () => {
      while (open-- > 0) await ask(side, body);
    };
    await Promise.all(Array.from({ length: 32 }, client));
    return (requests * 1000) / (performance.now() - begun);
  });
  const [relay, floor, fcc] = [median(seen.relay), median(seen.floor), median(seen.fcc)];
  const persecond = (value) => `${value.toFixed(0)}/s`;
  return ["requests a second, 32 at once", persecond(relay), persecond(floor), persecond(fcc), `${ratio(fcc, floor)} x floor`];
}

/** `every`: milliseconds between two deltas of a session. What is too much for the machine comes in larger pieces, as anywhere. */
export async function sessionsAtOnce(sides, rounds, deltas, every) {
  const body = bodyOf(16, `deltas=${deltas} every=${every}`);
  const lags = { relay: [], floor: [], fcc: [] };
  const under = { relay: [], floor: [], fcc: [] };
  const rates = { relay: [], floor: [], fcc: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, side] of pick(sides, "relay", "floor", "fcc")) {
      const begun = performance.now();
      const replies = await Promise.all(Array.from({ length: 32 }, () => ask(side, body)));
      rates[name].push((32 * deltas) / (performance.now() - begun));
      under[name].push(
        quantile(
          replies.flatMap((reply) => reply.under),
          0.99,
        ),
      );
      lags[name].push(lagOf(side, sides.env));
    }
  }
  const row = (name, seen, told = "") => [name, ms(median(seen.relay)), ms(median(seen.floor)), ms(median(seen.fcc)), told];
  const rate = (name) => `${(1000 * median(rates[name])).toFixed(0)}/s`;
  return [
    row(`32 sessions, a delta each ${every} ms: p99 of a delta's way`, under, `${rate("relay")}, ${rate("floor")}, ${rate("fcc")}`),
    row("the same: p99 of the event loop's delay", lags),
  ];
}

export async function lateness(sides, kind, rounds, deltas) {
  const body = bodyOf(16, `deltas=${deltas} ${kind} every=20`);
  const seen = await interleave(pick(sides, "relay", "floor", "fcc"), rounds, async (side) => {
    const { under } = await ask(side, body);
    if (under.length !== deltas) throw new Error(`${under.length} deltas of ${deltas}`);
    return under;
  });
  const p99 = (name) => quantile(seen[name].flat(), 0.99);
  const late = (p99("fcc") - p99("relay")).toFixed(2);
  return [`a delta of ${kind} each 20 ms: p99 of its way`, ms(p99("relay")), ms(p99("floor")), ms(p99("fcc")), `${late} ms over relay`];
}

export async function leaving(sides, when, rounds) {
  const body = bodyOf(16, when === "waiting" ? "deltas=5 wait=20000" : "deltas=5000 every=5");
  const seen = await interleave(pick(sides, "relay", "floor", "fcc"), rounds, async (side) => {
    const { left } = await ask(side, body, { leave: when });
    await after(40);
    const told = await (await fetch(`${sides.upstream.url}/left`)).json();
    if (told.left < left) throw new Error(`the upstream did not see within 40 ms that the client left (${when})`);
    return (told.left - left) / 1000;
  });
  const name = when === "waiting" ? "client leaves before the first byte: upstream sees it after" : "client leaves in the middle";
  return [name, ms(median(seen.relay)), ms(median(seen.floor)), ms(median(seen.fcc)), `worst ${ms(Math.max(...seen.fcc))}`];
}

/** Grows only where the second half of many requests leaves more behind than the first. */
export async function memory(sides, requests) {
  const bodies = [bodyOf(16, "deltas=5"), bodyOf(16, "deltas=5 arguments"), bodyOf(16, "deltas=5", "native/bench")];
  const seen = [residentOf(sides.fcc)];
  for (let part = 0; part < 4; part += 1) {
    for (let sent = 0; sent < requests / 4; sent += 16)
      await Promise.all(Array.from({ length: 16 }, (_, index) => ask(sides.fcc, bodies[index % 3])));
    seen.push(residentOf(sides.fcc));
  }
  const course = seen.map((value) => value.toFixed(0)).join(", ");
  const mb = (side) => `${residentOf(side).toFixed(0)} MB`;
  return [`resident memory after ${requests} requests more`, mb(sides.relay), mb(sides.floor), mb(sides.fcc), `by quarters: ${course} MB`];
}
