import { promises as files, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { inTurn } from "../../../src/config/files/in-turn.ts";
import { folderOfEachTest } from "../../support/folder.ts";

const folder = folderOfEachTest();

it("a lock that a killed fcc left is taken by one of those that wait, not by all at once", async () => {
  // On a busy machine a removal comes long after it was decided.
  const { rm } = files;
  const late = vi.spyOn(files, "rm").mockImplementation(async (...given) => {
    await wait(50 * Math.random());
    return rm(...given);
  });
  onTestFinished(() => late.mockRestore());
  const file = join(folder(), "keys.json");
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
