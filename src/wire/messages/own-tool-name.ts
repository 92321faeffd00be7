import { fieldNamed, fieldSpans, parsed, type Span, splice } from "../json-bytes.ts";

/**
 * The call that begins at a place, without a template's token behind its tool's name, by which no client finds the tool: "tool_12</arg_value>" of
 * GLM 5.2, above all where the call has no arguments (fw-ai-external/python-sdk#119). No tool has such a name.
 */
export function withOwnToolName(bytes: Buffer, call: Pick<Span, "start"> | undefined): Buffer {
  const name = call && fieldNamed(bytes, fieldSpans(bytes, call.start), "name")?.value;
  const said = name && parsed(bytes, name);
  const own = typeof said === "string" ? /^([\w-]+)\s*</.exec(said)?.[1] : undefined;
  return name === undefined || own === undefined ? bytes : splice(bytes, [{ ...name, by: JSON.stringify(own) }]);
}
