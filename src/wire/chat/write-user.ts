import { flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { ToolResultPart, UserTurn } from "../../model/request.ts";
import { failedResult } from "../failed-result.ts";
import type { JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";
import { messageFields } from "./own-of-message.ts";
import { type ContentPart, isPlain, isText, writePart } from "./write-content.ts";

/**
 * A user turn: first one tool message for each result, since nothing may stand between calls and their results, then one user message with
 * the rest. Images and files of results stand in the user message, because tool messages are text; the tool message says so.
 */
export function writeUser(turn: UserTurn, quirks: Quirks): readonly JsonObject[] {
  const media: ContentPart[] = [];
  const results = flatMap(turn.parts, (part) => (part.type === "tool-result" ? [writeResult(part, quirks, media)] : []));
  const said = [...media, ...flatMap(turn.parts, (item) => writePart(item, quirks))];
  if (said.length === 0) return results;
  // Many templates take nothing but a string.
  const content = said.every(isPlain) ? said.map(({ text }) => text).join("\n") : said;
  return [...results, { role: "user", content, ...messageFields(turn.parts) }];
}

function writeResult(part: ToolResultPart, quirks: Quirks, media: ContentPart[]): JsonObject {
  const content = flatMap(part.error ? failedResult(part.parts) : part.parts, (item) => writePart(item, quirks));
  const own = ownFields(part, "chat");
  const isTold = content.every(isText) ? content.every(isPlain) : !quirks.toolImages;
  if (!isTold) return { role: "tool", tool_call_id: part.id, content, ...own };
  const lines: string[] = [];
  for (const item of content) {
    if (isText(item)) {
      lines.push(item.text);
    } else {
      lines.push(item.type === "image_url" ? "[image below]" : "[document below]");
      media.push(item);
    }
  }
  return { role: "tool", tool_call_id: part.id, content: lines.join("\n") || "(no output)", ...own };
}
