import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isAlive, markOfProcess } from "../../src/launch/alive.ts";

/** A process that there is not: Linux gives no number above 4,194,304. */
const gone = markOfProcess().replace(/^\d+-\d+/, "4999999-1");

it("tells a process of this machine that is gone", () => {
  expect([isAlive(markOfProcess()), isAlive(gone)]).toEqual([true, false]);
});

it("takes one of another machine with the same home, which cannot be seen from here, for alive", () => {
  expect(isAlive(gone.replace(/[^-]+$/, "0123abcd"))).toBe(true);
});

it.skipIf(process.platform !== "linux")("takes one that has ended, and whose parent never asks for it, for gone", async () => {
  const parent = spawn("/bin/sh", ["-c", "sleep 0.2 & echo $!; exec sleep 30"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [printed] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(printed.toString());
    const start = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[21];
    const mark = markOfProcess().replace(/^\d+-\d+/, `${pid}-${start}`);
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "utf8"), { timeout: 20_000 }).toContain(") Z ");
    expect(isAlive(mark)).toBe(false);
  } finally {
    parent.kill();
  }
});
