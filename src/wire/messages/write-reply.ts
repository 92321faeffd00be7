import type { ReplyEvent, Usage } from "../../model/event.ts";
import { isObject, type JsonObject } from "../json.ts";
import { redactedOf, signatureOf } from "./seal.ts";
import { writeStop } from "./stop.ts";
import { writeUsage } from "./usage.ts";
import { finalUsage, opaqueBlocks, type ReplyNames } from "./write-stream.ts";

/** A whole reply as one message: the blocks that the stream of the same events has. */
export function writeReply(reply: ReplyNames, events: readonly ReplyEvent[]): unknown {
  const content: JsonObject[] = [];
  let id = "";
  let pieces: string[] = [];
  let tool: { readonly id: string; readonly name: string } | undefined;
  let called = false;
  /** The place of the last call, where its arguments are no JSON. */
  let incomplete: number | undefined;
  let start: Usage = {};
  let ending: JsonObject = { ...writeStop({ reason: "end" }, false), usage: writeUsage({}) };

  for (const event of events) {
    switch (event.type) {
      case "reply-start":
        id = event.id;
        start = event.usage ?? {};
        break;
      case "text-start":
      case "thinking-start":
        pieces = [];
        break;
      case "text-delta":
      case "thinking-delta":
        pieces.push(event.text);
        break;
      case "text-end": {
        const text = pieces.join("");
        if (text !== "") content.push({ type: "text", text });
        break;
      }
      case "thinking-end": {
        const data = redactedOf(event.seal);
        const thinking = pieces.join("");
        if (data !== undefined && thinking === "") content.push({ type: "redacted_thinking", data });
        else if (thinking !== "" || event.seal !== undefined)
          content.push({ type: "thinking", thinking, signature: signatureOf(event.seal) });
        break;
      }
      case "tool-start":
        pieces = [];
        tool = event;
        called = true;
        break;
      case "tool-delta":
        pieces.push(event.json);
        break;
      case "tool-end": {
        if (tool === undefined) break;
        const { input, whole } = readArguments(pieces.join(""));
        incomplete = whole ? undefined : content.length;
        content.push({ type: "tool_use", id: tool.id, name: tool.name, input });
        break;
      }
      case "opaque":
        content.push(...opaqueBlocks(event.part));
        break;
      case "reply-end":
        // In a stream a call that the limit cut is JSON that does not parse; here there is no way to say it so that it cannot run.
        if (incomplete !== undefined && (event.stop.reason === "max-output" || event.stop.reason === "window-full"))
          content.splice(incomplete, 1);
        ending = { ...writeStop(event.stop, called), usage: writeUsage(finalUsage(start, event.usage)) };
        break;
      case "failure":
        break;
    }
  }
  return { id: reply.id(id), type: "message", role: "assistant", model: reply.model, content, ...ending };
}

/**
 * Arguments that are no JSON object are kept under a name that no tool has, so that the tool refuses them and the model sees why.
 */
function readArguments(json: string): { readonly input: JsonObject; readonly whole: boolean } {
  if (json.trim() === "") return { input: {}, whole: true };
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? { input: value, whole: true } : { input: { input: value }, whole: true };
  } catch {
    return { input: { input: json }, whole: false };
  }
}
