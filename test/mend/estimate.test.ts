import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { estimatePrefixes, textTokens } from "../../src/mend/estimate.ts";
import type { Request, UserPart } from "../../src/model/request.ts";
import { growth, notItsSquare } from "../support/growth.ts";
import { request, tool, user } from "./walk.ts";

/** A text, and what Claude's or GPT's vocabularies make of it, within their spread. */
const known: readonly (readonly [name: string, text: string, fewest: number, most: number])[] = [
  ["English", "The quick brown fox jumps over the lazy dog. ".repeat(100), 1000, 1010],
  ["numbers", "1234567890".repeat(100), 330, 500],
  ["Chinese", "今天天气很好".repeat(100), 400, 700],
];
/** Of the type that its bytes say. */
const image = (start: string, write: (bytes: Buffer) => void): UserPart => {
  const bytes = Buffer.alloc(64);
  bytes.write(start, "latin1");
  write(bytes);
  return { type: "image", source: { type: "base64", mediaType: "image/png", data: bytes.toString("base64") } };
};
const png = (width: number, height: number): UserPart =>
  image("\x89PNG\r\n\x1a\n", (bytes) => {
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
  });
const webp = (chunk: string, write: (bytes: Buffer) => void): UserPart => image(`RIFF\0\0\0\0WEBP${chunk}`, write);
const estimateTokens = (of: Request) => estimatePrefixes(of).at(-1) ?? 0;
const tokens = (part: UserPart) =>
  estimateTokens(request([{ role: "user", parts: [part] }])) - estimateTokens(request([{ role: "user", parts: [] }]));

describe("an estimate of a prompt", () => {
  it.each(known)("%s: never low by more than a tenth, nor high by more than half", (_, text, fewest, most) => {
    expect(textTokens(text)).toBeGreaterThan(fewest * 0.9);
    expect(textTokens(text)).toBeLessThan(most * 1.5);
  });

  it("counts code near four characters a token", () => {
    const code = readFileSync(new URL("../../src/mend/estimate.ts", import.meta.url), "utf8");
    expect(textTokens(code)).toBeGreaterThan(code.length / 4.4);
    expect(textTokens(code)).toBeLessThan(code.length / 2.8);
  });

  it("counts images by their size, not by their bytes", () => {
    expect(tokens(png(750, 1000))).toBe(1000);
    expect(tokens(png(8000, 8000))).toBe(Math.ceil(1568 ** 2 / 750));
    expect(tokens({ type: "image", source: { type: "url", url: "https://x/y.png" } })).toBe(1600);
    expect(tokens({ type: "image", source: { type: "url", url: "https://x/y.png" }, detail: "low" })).toBe(100);
    expect(tokens({ type: "image", source: { type: "base64", mediaType: "image/png", data: "" } })).toBe(1600);
  });

  it.each<readonly [string, UserPart]>([
    ["GIF", image("GIF89a", (bytes) => bytes.writeUInt16LE(750, 6) && bytes.writeUInt16LE(1000, 8))],
    ["WebP", webp("VP8X", (bytes) => bytes.writeUIntLE(749, 24, 3) && bytes.writeUIntLE(999, 27, 3))],
    ["lossy WebP", webp("VP8 ", (bytes) => bytes.writeUInt16LE(750, 26) && bytes.writeUInt16LE(1000, 28))],
    ["lossless WebP", webp("VP8L", (bytes) => bytes.writeUInt32LE(749 | (999 << 14), 21))],
    [
      "JPEG, behind its colour profile",
      image("\xff\xd8\xff\xe0\0\x10", (bytes) => {
        bytes.set([0xff, 0xc0, 0, 17, 8], 20);
        bytes.writeUInt16BE(1000, 25);
        bytes.writeUInt16BE(750, 27);
      }),
    ],
  ])("counts a %s by its size", (_, part) => {
    expect(tokens(part)).toBe(1000);
  });

  it("counts documents by pages", () => {
    const pdf = (bytes: number): UserPart => ({
      type: "document",
      source: { type: "base64", mediaType: "application/pdf", data: Buffer.alloc(bytes).toString("base64") },
    });
    expect(tokens(pdf(1000))).toBe(2500);
    expect(tokens(pdf(120_000))).toBe(7500);
    expect(tokens({ type: "document", source: { type: "url", url: "https://x/y.pdf" } })).toBe(2500);
  });

  it("counts what is text by its length, wherever it stands", () => {
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(100);
    expect(tokens({ type: "document", source: { type: "text", text } })).toBe(tokens({ type: "text", text }));
    expect(tokens({ type: "opaque", wire: "messages", value: {}, text })).toBe(tokens({ type: "text", text }));
    const schema = { name: "reply", schema: { const: text } };
    expect(estimateTokens(request([user("hi")], { schema }))).toBeGreaterThan(1000);
  });

  it("counts tools, and something for an empty prompt", () => {
    const bare = estimateTokens(request([user("hi")]));
    expect(bare).toBeGreaterThan(0);
    expect(
      estimateTokens(request([user("hi")], { tools: [tool("Read", { path: { type: "string", description: "where ".repeat(20) } })] })),
    ).toBeGreaterThan(bare + 40);
  });

  it("takes time by the length of the conversation, up to 10 MB", { timeout: 60_000 }, () => {
    const task = (size: number) => void estimateTokens(request([user("word ".repeat(size / 5))]));
    expect(growth(task, 2_500_000)).toBeLessThan(notItsSquare);
  });
});
