import { isCut, type ReplyEvent } from "../../model/event.ts";
import type { UserTurn } from "../../model/request.ts";
import type { Stage } from "../../model/stage.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { summaryInstruction } from "../summary-instruction.ts";
import { changesIn } from "./tool-changes.ts";

/**
 * Whether a request asks only for a summary of its conversation (`compaction: {type: "summarize"}`), which the client will send instead of what
 * it summarizes, as the tool runners of Anthropic's SDKs do. A model on another wire is asked for it in words.
 */
export function asksForSummary(body: JsonObject): boolean {
  return objectOf(body.compaction).type === "summarize";
}

export function summaryTurn(body: JsonObject): UserTurn {
  const own = stringOf(objectOf(body.compaction).instructions)?.trim();
  return { role: "user", parts: [{ type: "text", text: own || summaryInstruction }] };
}

/** Makes the reply one block with the model's text. It is empty where the model wrote nothing or was cut off, and the client keeps what it has. */
export function asSummary(body: JsonObject): Stage<ReplyEvent, ReplyEvent> {
  const pieces: string[] = [];
  return {
    push(event) {
      if (event.type === "text-delta") pieces.push(event.text);
      if (event.type === "reply-start" || event.type === "failure") return [event];
      if (event.type !== "reply-end") return [];
      const said = isCut(event.stop.reason) ? "" : pieces.join("").trim();
      const changes = changesIn(body.messages);
      const block = {
        type: "compaction",
        content: said === "" ? null : said,
        encrypted_content: null,
        ...(changes.length === 0 ? {} : { tool_changes: changes }),
      };
      return [
        { type: "opaque", part: { wire: "messages", value: block } },
        { ...event, stop: { reason: "end" } },
      ];
    },
    idle: () => [],
    fail: (failure) => [{ type: "failure", failure }],
    end: () => [],
  };
}
