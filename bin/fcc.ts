#!/usr/bin/env node
import { join } from "node:path";
import { type Commands, main } from "../src/cli/main.ts";
import { foldersOf } from "../src/config/paths.ts";

/** Milliseconds in which all that a start needs has been compiled. */
const started = 1_500;
let keep = () => {};

main(process.argv.slice(2), async (launches) => {
  const { runCompiled } = await import("./compiled.ts");
  const folder = join(foldersOf({ env: process.env }).cache, "compiled");
  const commands = runCompiled<Commands>(join(import.meta.dirname, "commands.js"), folder);
  // Only what a launch has compiled serves the next one.
  if (launches) {
    keep = commands.keep;
    setTimeout(keep, started).unref();
  }
  return commands.exports;
}).then((code) => {
  process.exitCode = code;
  if (code === 0) keep();
});
