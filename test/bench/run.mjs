// What fcc costs, measured beside what it cannot be cheaper than, in one run with interleaved rounds: a bare relay (the limit of
// forwarding) and a bare translator (the floor of translating). Read the ratios: the machine's own speed cancels out of them. Linux.
//   npm run bench                    all figures
//   npm run bench -- quick           few rounds, to see that it runs
//   npm run bench -- only=CPU        the figures whose name has this in it
//   npm run bench -- dist=<folder>   another build
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { atOnce, cpuPerDelta, firstDelta, lateness, leaving, memory, nativeByte, sessionsAtOnce } from "./replies.mjs";
import { startSides, stopSides } from "./sides.mjs";
import { sizes, starts } from "./starts.mjs";

const root = resolve(import.meta.dirname, "../..");
const option = (name) => process.argv.find((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1);
const fcc = join(resolve(option("dist") ?? join(root, "dist")), "fcc.js");
const only = option("only") ?? "";
const quick = process.argv.includes("quick");
const rounds = (many) => (quick ? Math.ceil(many / 10) : many);

const folder = mkdtempSync(join(tmpdir(), "fcc-bench-"));
try {
  const sides = await startSides(fcc, folder);
  const figures = {
    "first delta": async () => [
      await firstDelta(sides, 16, rounds(200)),
      await firstDelta(sides, 400, rounds(60)),
      await firstDelta(sides, 4000, rounds(15)),
    ],
    native: async () => [await nativeByte(sides, 16, rounds(200)), await nativeByte(sides, 400, rounds(60))],
    CPU: async () => [await cpuPerDelta(sides, "text", rounds(10), 2000), await cpuPerDelta(sides, "arguments", rounds(10), 2000)],
    "at once": async () => [await atOnce(sides, rounds(10), 640)],
    sessions: async () => [...(await sessionsAtOnce(sides, rounds(5), 100, 20)), ...(await sessionsAtOnce(sides, rounds(5), 1000, 1))],
    lateness: async () => [await lateness(sides, "text", rounds(5), 200), await lateness(sides, "arguments", rounds(5), 200)],
    leaving: async () => [await leaving(sides, "waiting", rounds(20)), await leaving(sides, "reading", rounds(20))],
    memory: async () => [await memory(sides, quick ? 480 : 4800)],
    start: () => starts(sides, folder, rounds(30)),
    size: () => sizes(root),
  };
  console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, Node ${process.version}\n`);
  console.log("| figure | bare relay | floor | fcc | |\n|---|---|---|---|---|");
  for (const [name, measure] of Object.entries(figures)) {
    if (name.includes(only)) for (const row of await measure()) console.log(`| ${row.join(" | ")} |`);
  }
} finally {
  await stopSides();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
