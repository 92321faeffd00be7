import type { ReplyEvent, Usage } from "../../model/event.ts";
import { type Fields, isFields } from "./fields.ts";
import { redactedOf, signatureOf } from "./seal.ts";
import { writeStop } from "./stop.ts";
import { writeUsage } from "./usage.ts";
import { finalUsage, opaqueBlock, type ReplyNames } from "./write-stream.ts";

/** A whole reply as one message: the blocks that the stream of the same events has. */
export function writeReply(reply: ReplyNames, events: readonly ReplyEvent[]): unknown {
  const content: Fields[] = [];
  let id = "";
  let pieces: string[] = [];
  let tool: { readonly id: string; readonly name: string } | undefined;
  let called = false;
  let start: Usage = {};
  let ending: Fields = { ...writeStop({ reason: "end" }, false), usage: writeUsage({}) };

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
      case "tool-end":
        if (tool !== undefined) content.push({ type: "tool_use", id: tool.id, name: tool.name, input: inputOf(pieces.join("")) });
        break;
      case "opaque": {
        const block = opaqueBlock(event.part);
        if (block !== undefined) content.push(block);
        break;
      }
      case "reply-end":
        ending = { ...writeStop(event.stop, called), usage: writeUsage(finalUsage(start, event.usage)) };
        break;
      case "failure":
        break;
    }
  }
  return { id: reply.id(id), type: "message", role: "assistant", model: reply.model, content, ...ending };
}

/** Arguments that are no JSON object are kept under a name that no tool has, so that the tool refuses them and the model sees why. */
function inputOf(json: string): Fields {
  if (json.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(json);
    return isFields(value) ? value : { input: value };
  } catch {
    return { input: json };
  }
}
