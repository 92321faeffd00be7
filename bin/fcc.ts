#!/usr/bin/env node
import { join } from "node:path";
import { type Commands, failed, main } from "../src/cli/main.ts";
import { foldersOf } from "../src/config/files/paths.ts";
import type { Compiled } from "./compiled.ts";
import { applySessionSettings } from "./settings.ts";

/** Milliseconds after the client's start by which everything that answers it has been loaded. */
const loadingTime = 1_500;
let launched: Compiled<Commands> | undefined;

async function read(launches: boolean): Promise<Commands> {
  const { runCompiled } = await import("./compiled.ts");
  const folder = join(foldersOf({ env: process.env }).cache, "compiled");
  const commands = runCompiled<Commands>(join(import.meta.dirname, "commands.js"), folder);
  // Only a launch fills the cache: any other command compiles too little of what the next launch needs.
  if (launches) launched = commands;
  else applySessionSettings();
  return commands.exports;
}

/** The client has been started. By now a launch has compiled what it needs before that: it is captured before V8's settings change. */
function started(): void {
  launched?.capture();
  applySessionSettings();
  setTimeout(() => launched?.save(), loadingTime).unref();
}

// Without a listener Node opens its inspector at this signal: on a fixed port, without a token, where this process can be told to run anything.
process.on("SIGUSR1", () => {});

main(process.argv.slice(2), { read, started })
  .catch(failed)
  .then((code) => {
    process.exitCode = code;
    if (code === 0) launched?.save();
  });
