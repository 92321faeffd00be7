import { append, flatMap } from "../../model/lists.ts";
import type { AssistantTurn, DocumentPart, MediaSource, ResultPart, ToolResultPart, Turn } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { argumentsInHistory } from "../arguments-in-history.ts";
import { failedResult } from "../failed-result.ts";
import { isObject, type JsonObject } from "../json.ts";
import { urlOfSource } from "../source-of-url.ts";
import { documentText } from "../text-file.ts";

/** Turns to items of `input`, in order; what a turn's results say comes before what its user says. */
export function openItems(turns: readonly Turn[], context: OpenContext): JsonObject[] {
  const items: JsonObject[] = [];
  for (const turn of turns) {
    if (turn.role === "system") {
      const content = turn.parts.map((part) => inputText(part.text));
      if (content.length > 0) items.push({ type: "message", role: context.quirks.systemRole ?? "developer", content });
    } else if (turn.role === "user") {
      const said: JsonObject[] = [];
      for (const part of turn.parts) {
        if (part.type === "tool-result") {
          const { output, beside } = openResult(part, context);
          items.push({ type: "function_call_output", call_id: part.id, output });
          append(said, beside);
        } else append(said, openContent(part));
      }
      if (said.length > 0) items.push({ type: "message", role: "user", content: said });
    } else append(items, openAssistant(turn, context));
  }
  return items;
}

function openAssistant(turn: AssistantTurn, context: OpenContext): JsonObject[] {
  const items: JsonObject[] = [];
  const { hostedTools, refusedFields = [] } = context.quirks;
  let texts: JsonObject[] | undefined;
  let phase: JsonObject = {};
  for (const part of turn.parts) {
    if (part.type === "text") {
      if (texts === undefined) {
        texts = [];
        items.push({ type: "message", role: "assistant", content: texts, ...phase });
        phase = {};
      }
      texts.push({ type: "output_text", text: part.text });
      continue;
    }
    // A server that runs no tools of its own does not know their calls either.
    if (part.type === "opaque" && (part.wire !== "responses" || (hostedTools === false && !isPhase(part.value)))) {
      if (part.text) items.push({ type: "message", role: "assistant", content: [{ type: "output_text", text: part.text }] });
      texts = undefined;
      continue;
    }
    texts = undefined;
    if (part.type === "tool-call") {
      items.push({ type: "function_call", call_id: part.id, name: part.name, arguments: argumentsInHistory(part.arguments) });
    } else if (part.type === "thinking") {
      const { seal, text } = part;
      // A provider checks its reasoning against the seal; without it, or from another model, it refuses the item.
      const isOwn = seal?.wire === "responses" && seal.maker === context.maker;
      if (isOwn && !refusedFields.includes("encrypted_content"))
        items.push({ type: "reasoning", summary: text === "" ? [] : [{ type: "summary_text", text }], encrypted_content: seal.value });
      // DeepSeek seals nothing, and asks for the text.
      else if (context.quirks.reasoningField === "reasoning_content" && text !== "")
        items.push({ type: "reasoning", summary: [], content: [{ type: "reasoning_text", text }] });
    } else if (isObject(part.value)) {
      if (!isPhase(part.value)) items.push(part.value);
      else if (!refusedFields.includes("phase")) phase = { phase: part.value.phase };
    }
  }
  // "Item of type 'reasoning' was provided without its required following item": OpenAI, of a reply that was cut there.
  while (items.at(-1)?.type === "reasoning") items.pop();
  return items;
}

const isPhase = (value: unknown) => isObject(value) && value.type === "phase";

/** A result as a string wherever it is only text: Ollama takes nothing else, and every server takes that. */
function openResult(result: ToolResultPart, context: OpenContext): { readonly output: unknown; readonly beside: readonly JsonObject[] } {
  const parts = flatMap(result.error ? failedResult(result.parts) : result.parts, openContent);
  const texts = parts.filter((part) => part.type === "input_text");
  const media = parts.filter((part) => part.type !== "input_text");
  if (media.length > 0 && context.quirks.toolImages !== false) return { output: parts, beside: [] };
  const output = texts.map((part) => part.text).join("\n");
  return { output: output === "" && media.length > 0 ? "(see the attachment below)" : output, beside: media };
}

const inputText = (text: string): JsonObject => ({ type: "input_text", text });

function openContent(part: ResultPart): JsonObject[] {
  switch (part.type) {
    case "text":
      return part.text === "" ? [] : [inputText(part.text)];
    case "image":
      return [{ type: "input_image", ...mediaFields(part.source, "image_url"), detail: part.detail ?? "auto" }];
    case "document":
      return openDocument(part);
    case "opaque":
      return part.wire === "responses" && isObject(part.value) ? [part.value] : part.text ? [inputText(part.text)] : [];
  }
}

function openDocument(part: DocumentPart): JsonObject[] {
  const { source, title, context: about } = part;
  if (source.type === "text") return [inputText(documentText(source.text, part))];
  // A file has no field for what is said of it.
  const said = about === undefined || about === "" ? [] : [inputText(about)];
  if (source.type !== "base64") return [...said, { type: "input_file", ...mediaFields(source, "file_url") }];
  // OpenAI wants a name beside the data.
  return [...said, { type: "input_file", filename: title ?? "document.pdf", ...mediaFields(source, "file_data") }];
}

function mediaFields(source: MediaSource, urlField: string): JsonObject {
  if (source.type === "file") return { file_id: source.id };
  return { [urlField]: urlOfSource(source) };
}
