import { objectOf } from "../wire/json.ts";
import type { DemoTool } from "./request.ts";
import { sampleOf } from "./sample.ts";

export interface Call {
  readonly name: string;
  readonly arguments: string;
}

/**
 * Tools that only look, by the names that clients give them, the first preferred. Reading a file of the working folder needs no
 * permission in any client; `pwd` is a command that clients let pass too.
 */
const harmless: readonly RegExp[] = [
  /^(?:read|read_file|view|view_file)$/i,
  /^(?:ls|list_dir|list_files|list_directory)$/i,
  /^(?:bash|exec_command|shell|shell_command|run_command|local_shell)$/i,
];

/** What to put where a schema asks for it; `always`: where it merely allows it too. */
const values: readonly { readonly property: RegExp; readonly value: string; readonly always?: true }[] = [
  { property: /^(?:file_?path|path|file|filename|absolute_path)$/i, value: "README.md", always: true },
  { property: /^(?:dir|directory|dir_path|folder)$/i, value: "." },
  { property: /^(?:cmd|command)$/i, value: "pwd", always: true },
  { property: /^description$/i, value: "Show the working folder" },
];

/** A call of a tool that was offered and that changes nothing; undefined where none is. */
export function harmlessCall(tools: readonly DemoTool[]): Call | undefined {
  for (const kind of harmless) {
    for (const tool of tools) {
      const call = kind.test(tool.name) ? fill(tool) : undefined;
      if (call) return call;
    }
  }
  return undefined;
}

/** A call of the tool that the request names: it was asked for, with arguments that its schema takes. */
export function namedCall(tools: readonly DemoTool[], name: string): Call | undefined {
  const tool = tools.find((candidate) => candidate.name === name);
  return tool && (fill(tool) ?? { name, arguments: JSON.stringify(sampleOf(tool.parameters)) });
}

/** undefined where the schema requires something that is not known how to say. */
function fill({ name, parameters }: DemoTool): Call | undefined {
  const { required = [], ...schema } = objectOf(parameters);
  const properties = objectOf(schema.properties);
  if (!Array.isArray(required)) return undefined;
  const known = values.flatMap(({ property, ...rest }) => {
    const key = Object.keys(properties).find((candidate) => property.test(candidate));
    return key === undefined ? [] : [{ key, ...rest }];
  });
  if (known.length === 0) return undefined;
  const given: Record<string, unknown> = {};
  for (const { key, value, always } of known)
    if (always || required.includes(key)) given[key] = objectOf(properties[key]).type === "array" ? [value] : value;
  return required.every((key) => typeof key === "string" && key in given) ? { name, arguments: JSON.stringify(given) } : undefined;
}
