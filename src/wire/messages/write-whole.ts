import { isCut, type ReplyEvent, type Usage } from "../../model/event.ts";
import { parseExactly } from "../../model/exact-json.ts";
import { isObject, type JsonObject } from "../json.ts";
import { opaqueBlocks } from "./opaque-blocks.ts";
import { redactedOf, signatureOf } from "./seal.ts";
import { writeStop } from "./stop.ts";
import { finalUsage, writeUsage } from "./usage.ts";
import type { ReplyNames } from "./write-stream.ts";

/** A whole reply as one message: the blocks that the stream of the same events has. */
export function writeWhole(reply: ReplyNames, events: readonly ReplyEvent[]): unknown {
  let content: JsonObject[] = [];
  let id = "";
  let pieces: string[] = [];
  let tool: { readonly id: string; readonly name: string } | undefined;
  let called = false;
  /** What tells the calls whose arguments are no JSON. */
  const unread = new Set<JsonObject>();
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
        const json = pieces.join("");
        const input = readArguments(json);
        const call = { type: "tool_use", id: tool.id, name: tool.name, input: input ?? {} };
        if (input === undefined) {
          const note = { type: "text", text: `The arguments of this call to ${tool.name} could not be read: ${json}` };
          unread.add(note).add(call);
          content.push(note);
        }
        content.push(call);
        break;
      }
      case "opaque":
        content.push(...opaqueBlocks(event.part));
        break;
      case "reply-end":
        // In a stream a call that the limit cut is JSON that does not parse; here there is no way to say it so that it cannot run.
        if (isCut(event.stop.reason)) content = content.filter((block) => !unread.has(block));
        ending = { ...writeStop(event.stop, called, content.at(-1)?.type), usage: writeUsage(finalUsage(start, event.usage)) };
        break;
    }
  }
  return { id: reply.id(id), type: "message", role: "assistant", model: reply.model, content, ...ending };
}

/** A call's input can only be an object here; where the arguments are none, nobody can say which was meant. */
function readArguments(json: string): JsonObject | undefined {
  if (json.trim() === "") return {};
  try {
    const value = parseExactly(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
