#!/usr/bin/env node
import { join } from "node:path";
import { type Commands, failed, main } from "../src/cli/main.ts";
import { foldersOf } from "../src/config/files/paths.ts";
import type { Compiled } from "./compiled.ts";
import { settle } from "./settings.ts";

/** Milliseconds in which all that answers a client has been compiled. */
const answering = 1_500;
let launched: Compiled<Commands> | undefined;

async function read(launches: boolean): Promise<Commands> {
  const { runCompiled } = await import("./compiled.ts");
  const folder = join(foldersOf({ env: process.env }).cache, "compiled");
  const commands = runCompiled<Commands>(join(import.meta.dirname, "commands.js"), folder);
  // Only what a launch has compiled serves the next one.
  if (launches) launched = commands;
  else settle();
  return commands.exports;
}

/** What a launch needs has been compiled when its client starts: taken before V8's settings change, and written when the client has. */
function started(): void {
  launched?.take();
  settle();
  setTimeout(() => launched?.keep(), answering).unref();
}

// At this signal Node opens its inspector: a fixed port, without a token, at which this process can be told to run anything.
process.on("SIGUSR1", () => {});

main(process.argv.slice(2), { read, started })
  .catch(failed)
  .then((code) => {
    process.exitCode = code;
    if (code === 0) launched?.keep();
  });
