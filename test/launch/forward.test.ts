import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { startForward } from "../../src/launch/forward.ts";
import { fromPs, startOf } from "../../src/launch/process-start.ts";
import { createSidecars } from "../../src/launch/sidecars.ts";
import { folderOfAllTests } from "../support/folder.ts";

const cache = folderOfAllTests();
const sidecars = createSidecars({ cache, env: process.env });
afterEach(async () => {
  await sidecars.end();
  if (existsSync(join(cache, "beside"))) expect(readdirSync(join(cache, "beside"))).toEqual([]);
});

const sh = (script: string, ...args: readonly string[]) => ["/bin/sh", "-c", script, ...args];

it.each([
  ["names no port", sh("exec sleep 60"), /^said no port within 1 s: write \{port\}/],
  ["says a port that nothing listens on", sh("echo 'Forwarding from 127.0.0.1:1 -> 8000'; exec sleep 60"), /nothing at port 1 within/],
  ["listens nowhere", sh("echo waiting >&2; exec sleep 60", "{port}"), /^has forwarded nothing at port \d+ within/],
  ["goes into the background", sh(":"), /^ended with exit code 0$/],
  ["is killed", sh("kill -KILL $$"), /^ended with SIGKILL$/],
  ["is no program", ["/no/such/program"], /^was not found$/],
])("a command that %s is given up, and ended", async (_what, command, fault) => {
  const forwarded = await startForward({ command }, sidecars, 1_000);
  expect(forwarded).toMatchObject({ fault: expect.stringMatching(fault) });
});

it("runs in the folder of the file that says it", async () => {
  const forwarded = await startForward({ command: sh("pwd >&2; exit 1"), folder: cache }, sidecars, 1_000);
  expect(forwarded).toMatchObject({ lines: [realpathSync(cache)] });
});

it.runIf(process.platform === "linux" && process.getuid?.() === 0)(
  "a port that another user was quicker to take leads nowhere",
  async () => {
    const script = 'process.setuid(4321); require("net").createServer().listen(Number(process.argv[1]), "127.0.0.1")';
    const forwarded = await startForward({ command: [process.execPath, "-e", script, "{port}"] }, sidecars, 5_000);
    expect(forwarded).toMatchObject({ fault: expect.stringMatching(/^could not have port \d+: a program of another user \(uid 4321\)/) });
  },
);

it("one start time for each process, by ps too", () => {
  expect(startOf(process.pid)).toBeGreaterThan(0);
  expect(startOf(999_999_999)).toBeUndefined();
  const seconds = fromPs(process.pid);
  if (seconds !== undefined) expect(Math.abs(seconds - (Date.now() / 1000 - process.uptime()))).toBeLessThan(5);
  expect(fromPs(999_999_999)).toBeUndefined();
});
