import { stringifyExactly } from "../../model/exact-json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { typedMembers } from "../written/typed-values.ts";

const open = '<rfl:parameter name="';
const close = "</rfl:parameter>";
/** A name, and a value on lines of its own; the closing tag may be missing before the next opening one. */
const parameter = /^([^"]+)">\n?([\s\S]*?)\n?(?:<\/rfl:parameter>\s*)?$/;

/** The arguments of a call of Beam, which writes a tag for each where gpt-oss writes JSON. Undefined: the body is something else. */
export function parametersAsJson(body: string, schema: JsonSchema): string | undefined {
  const [before = "", ...pieces] = body.split(open);
  if (pieces.length === 0 || before.trim() !== "") return undefined;
  const members = pieces.flatMap((piece): [string, string][] => {
    const [, name, value] = parameter.exec(piece) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return members.length < pieces.length ? undefined : stringifyExactly(typedMembers(members, schema));
}

/** The last of such arguments is complete. */
export function endsParameters(body: string): boolean {
  return body.trimStart().startsWith(open) && body.trimEnd().endsWith(close);
}
