import type { ReplyEvent } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { runStage } from "../../model/pipe.ts";
import type { Ids, Stage } from "../../model/stage.ts";

/**
 * Groq fails where its parser finds no call in what its model wrote, and quotes that text (`tool_use_failed`); so do llama.cpp and Ollama, in
 * their messages. The mends know more ways of writing a call: one that they find becomes the reply. Undefined where they find none.
 */
export function readFailedGeneration(
  { generation }: Failure,
  mends: () => Stage<ReplyEvent, ReplyEvent>,
  ids: Ids,
): ReplyEvent[] | undefined {
  if (generation === undefined) return undefined;
  const events = runStage(mends(), [
    { type: "reply-start", id: ids.next("chatcmpl-") },
    { type: "text-start" },
    { type: "text-delta", text: callsOf(generation) },
    { type: "text-end" },
    { type: "reply-end", stop: { reason: "end" }, usage: {} },
  ]);
  return events.some(({ type }) => type === "tool-start") ? events : undefined;
}

/** What Groq's models make of `<function=NAME>{...}</function>`: `<function=NAME,{...}>`, `<function=NAME [{...}]>`, `<function(NAME){...}`. */
const spoilt = /^<function[=(]["']?([\w.:/-]+)["']?[\s),>[]*(\{.*\})[\s\]>]*<\/function>/s;

/** Some of Groq's models are prompted to write `{"tool_calls": [{"function": {"name"}, "parameters"}]}`, between tags. */
function callsOf(generation: string): string {
  const text = generation.replace(/^\s*<tool-use>|<\/tool-use>\s*$/g, "").trim();
  try {
    const { tool_calls: calls } = JSON.parse(text) as { readonly tool_calls?: unknown };
    if (!Array.isArray(calls)) return text;
    return JSON.stringify(
      calls.map(({ function: called, parameters, ...call }) => ({
        ...call,
        ...(typeof called === "object" ? called : {}),
        ...(parameters === undefined ? {} : { parameters }),
      })),
    );
  } catch {
    const tags = text.split(/(?=<function[=(])/);
    return tags.map((tag) => tag.replace(spoilt, "<function=$1>$2</function>")).join("");
  }
}
