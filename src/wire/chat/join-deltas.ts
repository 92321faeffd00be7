import { append } from "../../model/lists.ts";
import type { JsonObject } from "../json.ts";
import type { CallDelta, Delta, FunctionDelta } from "./write-deltas.ts";

/** The message of a whole reply, from the deltas that its stream would have had. */
export function joinDeltas(deltas: readonly Delta[]): JsonObject {
  const content: string[] = [];
  const reasoning: string[] = [];
  const details: JsonObject[] = [];
  const annotations: unknown[] = [];
  const calls: { readonly head: CallDelta; readonly pieces: string[] }[] = [];
  const old: FunctionDelta[] = [];
  for (const delta of deltas) {
    if (delta.content !== undefined) content.push(delta.content);
    if (delta.reasoning_content !== undefined) reasoning.push(delta.reasoning_content);
    if (delta.reasoning_details !== undefined) append(details, delta.reasoning_details);
    if (delta.annotations !== undefined) append(annotations, delta.annotations);
    if (delta.function_call !== undefined) old.push(delta.function_call);
    const call = delta.tool_calls?.[0];
    if (call?.id !== undefined) calls.push({ head: call, pieces: [] });
    else if (call !== undefined) calls.at(-1)?.pieces.push(call.function?.arguments ?? call.custom?.input ?? "");
  }
  return {
    content: content.join(""),
    ...(reasoning.length === 0 ? {} : { reasoning_content: reasoning.join("") }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(annotations.length === 0 ? {} : { annotations }),
    // The old form says one call.
    ...(old.length === 0 ? {} : { function_call: { ...old[0], arguments: old.map((piece) => piece.arguments).join("") } }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(({ head, pieces }) => wholeCall(head, pieces.join(""))) }),
  };
}

function wholeCall({ index: _, ...call }: CallDelta, said: string): JsonObject {
  if (call.custom !== undefined) return { ...call, custom: { ...call.custom, input: said } };
  return { ...call, function: { ...call.function, arguments: said } };
}
