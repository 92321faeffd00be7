import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createPatience } from "../../src/reach/patience.ts";
import { folderOfEachTest } from "../support/folder.ts";
import { standStill } from "../support/stand-still.ts";

const folder = folderOfEachTest();

/** Waits 200 ms for what another process writes, and stands still until it has been written, for 300 of them at least. */
async function givesUp(written: string): Promise<boolean> {
  const file = join(folder(), "done");
  const script = `const fs = require("node:fs");
    process.stdin.once("data", () => { fs.writeSync(1, ${JSON.stringify(written)}); fs.writeFileSync(${JSON.stringify(file)}, ""); });
    fs.writeSync(1, "ready");`;
  const other = spawn(process.execPath, ["-e", script]);
  onTestFinished(async () => {
    other.kill();
    await once(other, "close");
  });
  await once(other.stdout, "data");
  let gaveUp = false;
  const patience = createPatience(undefined, () => {
    gaveUp = true;
  });
  other.stdout.on("data", () => patience.again());
  patience.wait(200, () => new Error("late"));
  other.stdin.write("go");
  await standStill(300, file);
  await new Promise((resolve) => setTimeout(resolve, 50));
  patience.end();
  return gaveUp;
}

it("hears what came while the process stood still for longer than it waits", async () => {
  expect(await givesUp("it")).toBe(false);
});

it("gives up where nothing came in that time", async () => {
  expect(await givesUp("")).toBe(true);
});
