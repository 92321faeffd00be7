import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../launch/built.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();

it("a reader that has read enough ends a command without a word", async () => {
  const sh = run(machine.program, ["providers"], { env: { HOME: join(machine.base, "home") } });
  expect((await sh.ended).code).toBe(0);
  const piped = spawnSync(
    "sh",
    [
      "-c",
      `"${process.execPath}" "${machine.program}" providers | true; "${process.execPath}" "${machine.program}" config schema | head -n 1`,
    ],
    {
      encoding: "utf8",
      env: { HOME: join(machine.base, "home"), PATH: process.env["PATH"] },
    },
  );
  expect(piped.stderr).toBe("");
});

it.skipIf(!existsSync("/dev/full"))("a full disk is a sentence, and no reason to end a session", () => {
  const sh = (line: string) =>
    spawnSync("sh", ["-c", line.replaceAll("fcc", `"${process.execPath}" "${machine.program}"`)], {
      encoding: "utf8",
      env: { HOME: join(machine.base, "home"), PATH: process.env["PATH"] },
    });
  for (const asked of ["--version", "providers", "config schema"]) {
    const { status, stderr } = sh(`fcc ${asked} >/dev/full`);
    expect([status, stderr]).toEqual([1, "fcc: standard output cannot be written: there is no space left.\n"]);
  }
  expect(sh("fcc run --profile demo -- sh -c 'echo ran; exit 7' 2>/dev/full")).toMatchObject({ status: 7, stdout: "ran\n" });
});
