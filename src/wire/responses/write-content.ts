import { flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { DocumentPart, MediaSource, ResultPart, TextPart, ToolResultPart } from "../../model/request.ts";
import { failedResult } from "../failed-result.ts";
import { isObject, type JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";
import { urlOfSource } from "../source-of-url.ts";
import { documentText } from "../text-file.ts";

const inputText = (text: string): JsonObject => ({ type: "input_text", text });
/** With what only this wire says of it: but what the model said, where it is told by another side. */
export const inputTextOf = (part: TextPart): JsonObject => ({ ...ownFields(part, "responses"), ...inputText(part.text) });

/** What a user said, a tool returned, or only this wire can say. */
export function writePart(part: ResultPart): JsonObject[] {
  switch (part.type) {
    case "text":
      return part.text === "" ? [] : [inputTextOf(part)];
    case "image":
      return [
        { type: "input_image", ...mediaFields(part.source, "image_url"), detail: part.detail ?? "auto", ...ownFields(part, "responses") },
      ];
    case "document":
      return writeDocument(part);
    case "opaque":
      return part.wire === "responses" && isObject(part.value) ? [part.value] : writeText(part.text);
  }
}

function writeText(text = ""): JsonObject[] {
  return text === "" ? [] : [inputText(text)];
}

function writeDocument(part: DocumentPart): JsonObject[] {
  const { source, title, context } = part;
  if (source.type === "text") return [inputText(documentText(source.text, part))];
  // OpenAI wants a name beside the data; beside an address or an id its clients send none.
  const isHere = source.type === "base64";
  const file = isHere ? { filename: title ?? "document.pdf", ...mediaFields(source, "file_data") } : mediaFields(source, "file_url");
  // A file has no field for what is said of it.
  const said = [isHere ? undefined : title, context].filter(Boolean).join("\n\n");
  return [...writeText(said), { type: "input_file", ...file, ...ownFields(part, "responses") }];
}

function mediaFields(source: MediaSource, urlField: string): JsonObject {
  return source.type === "file" ? { file_id: source.id } : { [urlField]: urlOfSource(source) };
}

/** A result as a string wherever it is only text: Ollama takes nothing else, and every server takes that. What only this wire says needs its parts. */
export function writeResult(
  { parts, error }: ToolResultPart,
  quirks: Quirks,
): { readonly output: unknown; readonly beside: readonly JsonObject[] } {
  const content = flatMap(error ? failedResult(parts) : parts, writePart);
  const beside = content.filter(({ type }) => type !== "input_text");
  const isPlain = content.every((part) => part.type === "input_text" && Object.keys(part).length === 2);
  if (!isPlain && quirks.toolImages !== false) return { output: content, beside: [] };
  const texts = content.filter(({ type }) => type === "input_text").map(({ text }) => text);
  const output = texts.join("\n");
  return { output: output === "" && beside.length > 0 ? "(see the attachment below)" : output, beside };
}
