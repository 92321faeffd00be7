import { describe, expect, it } from "vitest";
import { readableSource } from "../../src/wire/text-file.ts";

const file = (mediaType: string, body: string | Uint8Array) =>
  ({ type: "base64", mediaType, data: Buffer.from(body).toString("base64") }) as const;

describe("a file that came as bytes", () => {
  it.each([
    ["text/plain", "body é"],
    ["text/plain; charset=utf-8", "body"],
    ["application/json", '{"a":1}'],
    ["application/ld+json", "{}"],
    ["application/x-sh", "ls"],
    ["TEXT/CSV", "a,b"],
    ["text/plain", ""],
  ])("of %s is read as text: %j", (mediaType, text) => {
    expect(readableSource(file(mediaType, text))).toEqual({ type: "text", text });
  });

  it.each([
    ["is no text", file("application/pdf", "%PDF")],
    ["is text in another encoding", file("text/plain", Uint8Array.of(0xe9))],
    ["only begins like JSON's media type", file("application/jsonx", "{}")],
  ])("that %s stays what it is", (_, source) => {
    expect(readableSource(source)).toBe(source);
  });
});
