import type { AssistantPart, DocumentPart, ImagePart, Request, Tool, UserPart } from "../model/request.ts";
import { imageSize } from "./image-header.ts";

/** English and code run from 3.7 to 4.5 characters a token with today's vocabularies, prose that a small one does not know at 3. */
export const charactersPerToken = 3.2;
/** What an image costs where its size is not known: 1,092 pixels square at 750 pixels a token. */
const flatImage = 1600;
const pixelsPerToken = 750;
/** A page of a PDF is read as text and as an image. */
const tokensPerPage = 2500;
const bytesPerPage = 50_000;
/** Role and separators of one turn. */
const turnOverhead = 6;
const callOverhead = 12;
/** What templates say before a list of tools: how to call one. */
const toolsPreamble = 150;

/** A request never changes, and is asked about before it is sent and when its reply tells what it counted. */
const estimated = new WeakMap<Request, readonly number[]>();

/** Whether its estimate costs nothing. */
export const isEstimated = (request: Request): boolean => estimated.has(request);

/**
 * Tokens of what comes before the first turn, of that with the first turn, and so on up to the whole prompt, fast and without a vocabulary:
 * for clients whose server cannot count, and for deciding beforehand whether a prompt fits. Errs high by up to a third, never low by more
 * than a tenth on English and code.
 */
export function estimatePrefixes(request: Request): readonly number[] {
  const known = estimated.get(request) ?? prefixesOf(request);
  estimated.set(request, known);
  return known;
}

function prefixesOf({ turns, tools, schema }: Request): readonly number[] {
  let tokens = tools.length > 0 ? 8 + toolsPreamble : 8;
  for (const tool of tools) tokens += toolTokens(tool);
  if (schema !== undefined) tokens += textTokens(JSON.stringify(schema.schema));
  const prefixes = [Math.ceil(tokens)];
  for (const turn of turns) {
    tokens += turnOverhead;
    for (const part of turn.parts) tokens += partTokens(part);
    prefixes.push(Math.ceil(tokens));
  }
  return prefixes;
}

/** Tokens of a text, by classes of characters: scripts without a letter for each sound need about a token for each character. */
export function textTokens(text: string): number {
  const { length } = text;
  let digits = 0;
  let spaces = 0;
  let letters = 0;
  let wide = 0;
  let before = 0;
  // Megabytes pass here before a request is sent: the commonest characters meet the fewest questions.
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 57) {
      if (code >= 0x0900) wide += 1;
      else if (code >= 128) letters += 1;
    } else if (code === 32) {
      // A run of spaces, as at the beginning of a line of code, is few tokens.
      if (before === 32) spaces += 1;
    } else if (code >= 48) digits += 1;
    before = code;
  }
  const plain = length - digits - spaces - letters - wide;
  return plain / charactersPerToken + digits / 2 + spaces / 8 + letters / 2 + wide;
}

function partTokens(part: UserPart | AssistantPart): number {
  switch (part.type) {
    case "text":
    case "thinking":
      return textTokens(part.text);
    case "image":
      return imageTokens(part);
    case "document":
      return documentTokens(part);
    case "tool-call":
      return callOverhead + textTokens(part.name) + textTokens(part.arguments);
    case "tool-result":
      return callOverhead + part.parts.reduce((sum, inner) => sum + partTokens(inner), 0);
    case "opaque":
      return part.text === undefined ? 0 : textTokens(part.text);
  }
}

function toolTokens(tool: Tool): number {
  if (tool.type === "hosted") return 50;
  return callOverhead + textTokens(tool.name) + textTokens(tool.description ?? "") + textTokens(JSON.stringify(tool.parameters));
}

function imageTokens(part: ImagePart): number {
  if (part.detail === "low") return 100;
  const size = part.source.type === "base64" ? imageSize(part.source.data) : undefined;
  if (size === undefined) return flatImage;
  // Providers scale down what is larger than about 1,568 pixels a side.
  const scale = Math.min(1, 1568 / Math.max(size.width, size.height, 1));
  return Math.max(1, Math.ceil((size.width * scale * size.height * scale) / pixelsPerToken));
}

function documentTokens(part: DocumentPart): number {
  const about = textTokens(part.title ?? "") + textTokens(part.context ?? "");
  if (part.source.type === "text") return about + textTokens(part.source.text);
  const pages = part.source.type === "base64" ? Math.ceil(Buffer.byteLength(part.source.data, "base64") / bytesPerPage) : 1;
  return about + Math.max(1, pages) * tokensPerPage;
}
