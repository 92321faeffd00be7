import { explainLines, pathLines, schemaLines, showLines } from "../config/index.ts";
import { readConfiguration } from "./configuration.ts";
import { print } from "./print.ts";
import type { Context } from "./program.ts";

export async function showConfig(context: Context): Promise<number> {
  const configuration = await readConfiguration(context);
  return configuration === undefined ? 2 : print(showLines(configuration));
}

export async function explainConfig(context: Context, key?: string): Promise<number> {
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const explained = explainLines(configuration, key);
  if (explained.fault === undefined) return print(explained.lines);
  return context.output.fail([explained.fault]);
}

export async function showPaths(context: Context): Promise<number> {
  const configuration = await readConfiguration(context);
  return configuration === undefined ? 2 : print(pathLines(configuration, process.cwd()));
}

export async function showSchema(): Promise<number> {
  return print(schemaLines());
}
