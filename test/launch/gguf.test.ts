import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readModelFile } from "../../src/launch/gguf.ts";
import { llamaCommand, windowFor } from "../../src/launch/llama-server.ts";
import { folderOfAllTests } from "../support/folder.ts";
import { ggufHead, qwen } from "../support/gguf.ts";

const folder = folderOfAllTests();
const file = join(folder, "x.gguf");
const read = (bytes: Buffer) => {
  writeFileSync(file, bytes);
  return readModelFile(file);
};

describe("the head of a model file", () => {
  it("tells its window and what one token of it takes", () => {
    const head = ggufHead(qwen);
    expect(read(head)).toEqual({ trainedContext: 262_144, bytesPerToken: 48 * 4 * 256 * 2 });
    // Heads of their own for each layer, widths that are not said, 64-bit figures.
    const { "qwen3.attention.key_length": _, "qwen3.attention.value_length": __, ...rest } = qwen;
    const other = ggufHead({
      ...rest,
      "qwen3.context_length": ["u64", 40_960],
      "qwen3.attention.head_count_kv": ["u32s", Array.from({ length: 48 }, () => 8)],
    });
    expect(read(other)).toEqual({ trainedContext: 40_960, bytesPerToken: 48 * 8 * 128 * 2 });
  });

  it.each([
    ["an unsigned byte", 0, Buffer.of(7)],
    ["a byte", 1, Buffer.of(7)],
    ["16 bits, unsigned", 2, Buffer.of(7, 0)],
    ["16 bits", 3, Buffer.of(7, 0)],
    ["32 bits", 5, Buffer.of(7, 0, 0, 0)],
    ["64 bits", 11, Buffer.of(7, 0, 0, 0, 0, 0, 0, 0)],
    ["a double", 12, Buffer.of(0, 0, 0, 0, 0, 0, 0x1c, 0x40)],
  ])("is read whatever type its figures have: %s", (_what, type, bytes) => {
    const architecture = { "general.architecture": ["text", "qwen3"] } as const;
    expect(read(ggufHead({ ...architecture, "qwen3.context_length": ["bytes", type, bytes] }))).toEqual({ trainedContext: 7 });
    // What stands behind it is found.
    const behind = ggufHead({ ...architecture, "qwen3.other": ["bytes", type, bytes], "qwen3.context_length": ["u32", 9] });
    expect(read(behind)).toEqual({ trainedContext: 9 });
  });

  it("is read behind a yes or no", () => {
    const head = ggufHead({
      "tokenizer.ggml.add_bos_token": ["bytes", 7, Buffer.of(1)],
      "general.architecture": ["text", "qwen3"],
      "qwen3.context_length": ["u32", 9],
    });
    expect(read(head)).toEqual({ trainedContext: 9 });
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["something else", Buffer.from("PK\u0003\u0004 this is an archive, and longer than a head")],
    ["the first version", ggufHead(qwen, 1)],
  ])("%s is none", (_what, bytes) => expect(read(bytes)).toBeUndefined());

  it("cut or scrambled anywhere, tells less, and never fails", () => {
    const head = ggufHead(qwen);
    fc.assert(
      fc.property(fc.nat(head.length), fc.array(fc.tuple(fc.nat(head.length - 1), fc.nat(255)), { maxLength: 8 }), (length, changes) => {
        const bytes = Buffer.from(head);
        for (const [at, value] of changes) bytes[at] = value;
        const found = read(bytes.subarray(0, length));
        if (found?.trainedContext !== undefined) expect(found.trainedContext).toBeGreaterThan(0);
      }),
    );
  });
});

describe("the window of a server on a model file", () => {
  const gigabyte = 1024 ** 3;
  it.each([
    ["enough for a session", { trainedContext: 262_144, bytesPerToken: 98_304 }, 64, 65_536],
    ["all that a small model was trained for", { trainedContext: 8_192, bytesPerToken: 23_040 }, 64, 0],
    ["exactly that", { trainedContext: 65_536, bytesPerToken: 98_304 }, 64, 0],
    ["what memory holds", { trainedContext: 262_144, bytesPerToken: 98_304 }, 8, 43_008],
    ["what the client needs, where memory is short", { trainedContext: 262_144, bytesPerToken: 98_304 }, 2, 33_000],
    ["the same of a model that does not say", {}, 64, 65_536],
  ])("is %s", (_what, said, memory, expected) => expect(windowFor(said, 33_000, memory * gigabyte)).toBe(expected));

  it("a client that needs more than others gets it", () => {
    expect(windowFor({ trainedContext: 262_144, bytesPerToken: 98_304 }, 100_000, 64 * gigabyte)).toBe(100_000);
  });
});

it("the command holds no key", () => {
  const words = llamaCommand({ file: "/m/x y.gguf", model: "x y", port: 1234, window: 0 });
  expect(words.join(" ")).toBe(
    "llama-server --model /m/x y.gguf --alias x y --host 127.0.0.1 --port 1234 --jinja --ctx-size 0 --parallel 1",
  );
});
