import { stringifyExactly } from "../../model/exact-json.ts";
import type { AssistantPart, ToolCallPart } from "../../model/request.ts";
import { cached } from "../cache-mark.ts";
import { type JsonObject, stringOf } from "../json.ts";
import { unacceptableAt } from "../refuse.ts";
import { acceptBlocks, opaquePart, textPart } from "./accept-content.ts";
import { ownOfBlock } from "./own-fields.ts";
import { required } from "./required.ts";
import { sealOfRedacted, sealOfSignature } from "./seal.ts";

export function acceptAssistantContent(content: unknown, path: string): readonly AssistantPart[] {
  return acceptBlocks<AssistantPart>(content, path, (block, at, type) => {
    switch (type) {
      case "text":
        return textPart(block, at);
      case "thinking": {
        const seal = sealOfSignature(block.signature);
        const text = stringOf(block.thinking) ?? "";
        return text === "" && seal === undefined ? [] : [{ type: "thinking", text, ...(seal && { seal }) }];
      }
      case "redacted_thinking":
        return [{ type: "thinking", text: "", seal: sealOfRedacted(block.data) }];
      case "tool_use":
        return [toolCall(block, at)];
      case "tool_result":
        throw unacceptableAt(at, "`tool_result` blocks can only be in `user` messages");
      default:
        // Whatever else an earlier reply had is kept: the client sends back what it was given.
        return [opaquePart(block)];
    }
  });
}

function toolCall(block: JsonObject, path: string): ToolCallPart {
  return {
    type: "tool-call",
    id: required(block.id, `${path}.id`),
    name: required(block.name, `${path}.name`),
    arguments: typeof block.input === "string" ? block.input : stringifyExactly(block.input ?? {}),
    ...cached(block),
    ...ownOfBlock(block),
  };
}
