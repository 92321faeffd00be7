import { type Call, harmlessCall, namedCall } from "./harmless-call.ts";
import { report } from "./report.ts";
import type { DemoMessage, DemoRequest } from "./request.ts";
import { sampleOf } from "./sample.ts";

/** What the stand-in answers: text, and perhaps a call after it. */
export interface DemoAnswer {
  readonly text: string;
  readonly call?: Call;
}

export function answerTo(request: DemoRequest): DemoAnswer {
  const { messages, tools, mustCall, schema } = request;
  if (typeof mustCall === "string") {
    const call = namedCall(tools, mustCall);
    if (call) return { text: "", call };
  }
  if (schema !== undefined) return { text: JSON.stringify(sampleOf(schema)) };
  const side = sideCall(request);
  if (side !== undefined) return { text: side };
  const calledBefore = messages.some(({ calls }) => calls.length > 0);
  // Once in a conversation: the next question gets its answer at once.
  if (mustCall !== false && (!calledBefore || (mustCall === true && lastSpeaker(messages)?.role !== "tool"))) {
    const call = harmlessCall(tools);
    if (call) return { text: "I will look at one thing first, to try the tools.", call };
  }
  // A client that wants JSON at the end offers it as a tool, and asks again until it is called.
  const wanted =
    mustCall === false || messages.some(({ calls }) => calls.some(({ name }) => name === jsonTool))
      ? undefined
      : namedCall(tools, jsonTool);
  return { text: report(request), ...(wanted && { call: wanted }) };
}

/** Claude Code's `--json-schema`. */
const jsonTool = "StructuredOutput";

/** Calls that clients make beside the conversation: a title for it, a summary of it. */
function sideCall({ messages, tools }: DemoRequest): string | undefined {
  const asked = lastSpeaker(messages)?.text.slice(-20_000) ?? "";
  // A summary is asked for with all tools in place and in strong words, so that no model calls one. Claude Code shows the last commits too.
  if ((/\bTEXT ONLY\b/.test(asked) || /do not (?:call|use) any tools?/i.test(asked)) && /summar/i.test(asked)) {
    return `<summary>The user tried the stand-in model of fcc. ${messages.length} messages were exchanged; nothing was changed.</summary>`;
  }
  if (tools.length > 0) return undefined;
  const instructions = messages.find(({ role }) => role === "system" || role === "developer")?.text ?? "";
  const about = `${instructions.slice(0, 4000)}\n${asked}`;
  if (/\b(?:write|generate|create|give|come up with|produce)\b[^.\n]{0,60}\btitle\b/i.test(about)) return "Trying the stand-in model";
  if (/\bsummar(?:y|i[sz]e)\b/i.test(about)) return "The stand-in model was tried; nothing was changed.";
  return undefined;
}

function lastSpeaker(messages: readonly DemoMessage[]): DemoMessage | undefined {
  return messages.findLast(({ role }) => role === "user" || role === "tool");
}
