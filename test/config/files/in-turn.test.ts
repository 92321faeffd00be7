import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { inTurn } from "../../../src/config/files/in-turn.ts";

it("a lock that a killed fcc left is taken by one of those that wait, not by all at once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fcc-turn-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "keys.json");
  writeFileSync(`${file}.lock`, "");
  let inside = 0;
  let most = 0;
  const act = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await wait(100);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 5 }, () => inTurn(file, act)));
  expect(most).toBe(1);
}, 20_000);
