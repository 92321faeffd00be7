import type {
  AssistantPart,
  DocumentPart,
  ImagePart,
  MediaSource,
  Request,
  ResultPart,
  TextPart,
  Tool,
  UserPart,
} from "../model/request.ts";

/** English and code run from 3.7 to 4.5 characters a token with today's vocabularies; the estimate errs high. */
export const charactersPerToken = 3.6;
/** What an image costs where its size is not known: 1,092 pixels square at 750 pixels a token. */
const flatImage = 1600;
const pixelsPerToken = 750;
/** A page of a PDF is read as text and as an image. */
const tokensPerPage = 2500;
const bytesPerPage = 50_000;
/** Role and separators of one turn. */
const turnOverhead = 6;
const callOverhead = 12;

/**
 * Tokens of a prompt, fast and without a vocabulary: for clients whose server cannot count, and for deciding beforehand whether a
 * prompt fits. Errs high by up to a third, never low by more than a tenth on English and code.
 */
export function estimateTokens(request: Request): number {
  let tokens = 8;
  for (const turn of request.turns) {
    tokens += turnOverhead;
    for (const part of turn.parts) tokens += partTokens(part);
  }
  for (const tool of request.tools) tokens += toolTokens(tool);
  if (request.schema !== undefined) tokens += textTokens(JSON.stringify(request.schema.schema));
  return Math.ceil(tokens);
}

/** Tokens of a text, by classes of characters: scripts without a letter for each sound need about a token for each character. */
export function textTokens(text: string): number {
  let plain = 0;
  let digits = 0;
  let spaces = 0;
  let letters = 0;
  let wide = 0;
  let before = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 32) {
      // A run of spaces, as at the beginning of a line of code, is few tokens.
      if (before === 32) spaces += 1;
      else plain += 1;
    } else if (code < 128) {
      if (code >= 48 && code <= 57) digits += 1;
      else plain += 1;
    } else if (code < 0x0900) letters += 1;
    else wide += 1;
    before = code;
  }
  return plain / charactersPerToken + digits / 2 + spaces / 8 + letters / 2 + wide;
}

function partTokens(part: UserPart | AssistantPart | TextPart): number {
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
      return callOverhead + part.parts.reduce((sum, inner: ResultPart) => sum + partTokens(inner), 0);
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

/** Width and height from the first bytes of a PNG, GIF, WebP or JPEG. */
function imageSize(data: string): { width: number; height: number } | undefined {
  // 64 KB: a JPEG's frame header comes after its colour profile and preview.
  const bytes = Buffer.from(data.slice(0, 87_384), "base64");
  if (bytes.length < 30) return undefined;
  if (bytes.readUInt32BE(0) === 0x89504e47) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (bytes.toString("latin1", 0, 3) === "GIF") return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (bytes.toString("latin1", 8, 12) === "WEBP") return webpSize(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegSize(bytes);
  return undefined;
}

function webpSize(bytes: Buffer): { width: number; height: number } | undefined {
  const chunk = bytes.toString("latin1", 12, 16);
  if (chunk === "VP8X") return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (chunk === "VP8 ") return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (chunk !== "VP8L") return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

function jpegSize(bytes: Buffer): { width: number; height: number } | undefined {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function documentTokens(part: DocumentPart): number {
  const about = textTokens(part.title ?? "") + textTokens(part.context ?? "");
  if (part.source.type === "text") return about + textTokens(part.source.text);
  const bytes = sourceBytes(part.source);
  return about + Math.max(1, Math.ceil(bytes / bytesPerPage)) * tokensPerPage;
}

function sourceBytes(source: MediaSource): number {
  return source.type === "base64" ? (source.data.length * 3) / 4 : bytesPerPage;
}
