import * as nodeModule from "node:module";
import { join } from "node:path";
import packageFile from "../../package.json" with { type: "json" };
import { foldersOf } from "../config/paths.ts";
import { commands, helpText } from "./commands.ts";
import { optionNames, split } from "./split.ts";

/** Runs one command line and answers the exit code. What a command needs is loaded by that command alone. */
export async function main(argv: readonly string[]): Promise<number> {
  outliveReaders();
  const parts = split(argv);
  switch (parts.kind) {
    case "version":
      process.stdout.write(`${packageFile.version}\n`);
      return 0;
    case "help":
      process.stdout.write(helpText(parts.command));
      return 0;
    case "wrong":
      return refuse(parts.message, await hintFor(parts));
    case "launch": {
      keepCompiled();
      const { launch } = await import("./launch-command.ts");
      return launch(parts);
    }
    case "command": {
      if (parts.command === "completion" && parts.args[0] !== "--help") {
        const { completion } = await import("./completion-command.ts");
        const done = await completion(parts.args);
        return typeof done === "number" ? done : refuse(done.wrong, `fcc completion ${done.shells.join(" | ")}`);
      }
      if (parts.command === "help") {
        process.stdout.write(helpText(parts.args[0]));
        return 0;
      }
      if (parts.args.some((arg) => arg === "--help" || arg === "-h") && commands.some(({ name }) => name === parts.command)) {
        process.stdout.write(helpText(parts.command));
        return 0;
      }
      const { runCommand } = await import("./program.ts");
      return runCommand(parts);
    }
  }
}

async function hintFor(parts: { readonly hint?: string; readonly option?: string }): Promise<string | undefined> {
  if (parts.option === undefined) return parts.hint;
  const { nearest } = await import("../config/nearest.ts");
  const near = nearest(parts.option, optionNames);
  return near === undefined ? "`fcc --help` lists what there is" : `did you mean ${near}?`;
}

function refuse(message: string, hint: string | undefined): number {
  process.stderr.write(`fcc: ${message}\n${hint === undefined ? "" : `     ${hint}\n`}`);
  return 2;
}

/** `fcc models | head`: who has read enough has closed the pipe, which is no failure. A launch goes on whoever reads standard error. */
function outliveReaders(): void {
  const broken = (error: NodeJS.ErrnoException) => error.code === "EPIPE";
  process.stdout.on("error", (error) => {
    if (!broken(error)) throw error;
    process.exit();
  });
  process.stderr.on("error", (error) => {
    if (!broken(error)) throw error;
  });
}

/** From Node 22.1 on, what a launch loads is compiled once and kept. NODE_DISABLE_COMPILE_CACHE=1 is Node's own way to refuse it. */
function keepCompiled(): void {
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(join(foldersOf({ env: process.env }).cache, "compiled"));
}
