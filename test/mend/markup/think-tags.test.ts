import { describe, expect, it } from "vitest";
import { thinkTags } from "../../../src/mend/markup/think-tags.ts";
import { runStage } from "../../../src/model/pipe.ts";
import { events, fold, type Part, pieces, walk } from "../walk.ts";

const table: readonly (readonly [name: string, text: string, parts: readonly Part[]])[] = [
  ["a tag at the start", "<think>why</think>answer", [{ thinking: "why" }, { text: "answer" }]],
  ["white space around tags", "\n<think>\nwhy not\n</think>\n\nanswer\n", [{ thinking: "why not" }, { text: "answer\n" }]],
  ["white space inside reasoning", "<think>a \n b</think>c", [{ thinking: "a \n b" }, { text: "c" }]],
  ["two blocks in a row", "<think>a</think>\n<think>b</think>c", [{ thinking: "a" }, { thinking: "b" }, { text: "c" }]],
  ["an empty block", "<think>\n\n</think>\n\nanswer", [{ text: "answer" }]],
  ["a block that never closes", "<think>on and on", [{ thinking: "on and on" }]],
  ["a block cut in its closing tag", "<think>on</thi", [{ thinking: "on</thi" }]],
  ["a tag cut at the end", "<thi", [{ text: "<thi" }]],
  ["a tag in later prose", "Write <think> to begin.", [{ text: "Write <think> to begin." }]],
  ["a tag in a fence", "```\n<think>x</think>\n```", [{ text: "```\n<think>x</think>\n```" }]],
  ["a closing tag alone at the start", "</think>\n\nanswer", [{ text: "answer" }]],
  ["tags that the text speaks of", "Use <think>x</think>y and </think>z", [{ text: "Use <think>x</think>y and </think>z" }]],
  ["a closing tag in inline code", "the tag `</think>` ends it", [{ text: "the tag `</think>` ends it" }]],
  ["a closing tag within a sentence", "the tag </think> ends it", [{ text: "the tag </think> ends it" }]],
  ["leading white space before plain text", "\n\n  answer", [{ text: "\n\n  answer" }]],
  ["nothing but white space", " \n", [{ text: " \n" }]],
  ["Magistral", "[THINK]a[/THINK]b", [{ thinking: "a" }, { text: "b" }]],
  ["Kimi", "◁think▷a◁/think▷b", [{ thinking: "a" }, { text: "b" }]],
  ["Seed", "<seed:think>a</seed:think>b", [{ thinking: "a" }, { text: "b" }]],
  ["Solar", "<|think:start|>a<|think:end|>b", [{ thinking: "a" }, { text: "b" }]],
  [
    "Gemma, its channel's name forgotten",
    "<|channel>this<channel|><|channel>that<channel|>b",
    [{ thinking: "this" }, { thinking: "that" }, { text: "b" }],
  ],
  ["Inkling", "<|content_thinking|>a<|end_message|>b", [{ thinking: "a" }, { text: "b" }]],
  ["Hunyuan 3", "<think:opensource>a</think:opensource>b", [{ thinking: "a" }, { text: "b" }]],
  ["K2 Horizon", "<ifm|think_fast>a</ifm|think_fast>b", [{ thinking: "a" }, { text: "b" }]],
  ["Gemma", "<|channel>thought\na<channel|>b", [{ thinking: "a" }, { text: "b" }]],
  [
    "thinking, reasoning, thought",
    "<thinking>a</thinking><reasoning>b</reasoning>c",
    [{ thinking: "a" }, { thinking: "b" }, { text: "c" }],
  ],
  ["another family's closer inside", "<think>a</thinking>b</think>c", [{ thinking: "a</thinking>b" }, { text: "c" }]],
];

describe("think tags", () => {
  it.each(table)("%s", (_, text, parts) => {
    expect(walk(() => thinkTags("start"), { parts: [{ text }], stop: "end" }).parts).toEqual(parts);
  });

  it.each<readonly [string, string, readonly Part[]]>([
    ["reasoning up to the closing tag", "so\n</think>\nanswer", [{ thinking: "so" }, { text: "answer" }]],
    ["an opening tag all the same", "<think>so</think>answer", [{ thinking: "so" }, { text: "answer" }]],
    ["nothing thought", "\n\n</think>\n\nanswer", [{ text: "answer" }]],
  ])("preopened: %s", (_, text, parts) => {
    expect(walk(() => thinkTags("preopened"), { parts: [{ text }], stop: "end" }).parts).toEqual(parts);
  });

  it("preopened, where the server tells reasoning apart: text is text", () => {
    const parts: Part[] = [{ thinking: "why", seal: "s" }, { text: "\nanswer" }];
    expect(walk(() => thinkTags("preopened"), { parts, stop: "end" }).parts).toEqual(parts);
  });

  it.each<[text: string, whole: readonly Part[], later: readonly Part[]]>([
    ["so it is\n</think>\nanswer", [{ thinking: "so it is" }, { text: "answer" }], [{ text: "so it is\n\nanswer" }]],
    ["so it is</think>answer", [{ thinking: "so it is" }, { text: "answer" }], [{ text: "so it isanswer" }]],
    ["so</think>Use <think>x", [{ thinking: "so" }, { text: "Use <think>x" }], [{ text: "soUse <think>x" }]],
    ["so it is</think>", [{ thinking: "so it is" }], [{ text: "so it is" }]],
    ["so it is\n</think:6124c78e>\nanswer", [{ thinking: "so it is" }, { text: "answer" }], [{ text: "so it is\n\nanswer" }]],
    ["so it is<channel|>answer", [{ thinking: "so it is" }, { text: "answer" }], [{ text: "so it isanswer" }]],
    ["so it is<|END_THINKING|>answer", [{ thinking: "so it is" }, { text: "answer" }], [{ text: "so it isanswer" }]],
  ])("before a closing tag that the template opened is thinking, unless it has gone out as text: %j", (text, whole, later) => {
    const read = (split: (text: string) => readonly string[]) =>
      fold(runStage(thinkTags("start"), events({ parts: [{ text }], stop: "end" }, split))).parts;
    expect(read((all) => [all])).toEqual(whole);
    expect(read((all) => ["", "\n", all])).toEqual(whole);
    expect(read((all) => pieces(all, [1]))).toEqual(later);
    expect(read((all) => [all.slice(0, 2), all.slice(2)])).toEqual(later);
  });

  it("looks for a tag again after a call", () => {
    const parts: Part[] = [{ text: "one" }, { call: "Read", arguments: "{}", id: "a" }, { text: "<think>x</think>two" }];
    expect(walk(() => thinkTags("start"), { parts, stop: "end" }).parts).toEqual([
      ...parts.slice(0, 2),
      { thinking: "x" },
      { text: "two" },
    ]);
  });

  it("holds back no text without a tag's first character", () => {
    const stage = thinkTags("start");
    stage.push({ type: "reply-start", id: "r" });
    stage.push({ type: "text-start" });
    expect(stage.push({ type: "text-delta", text: "Hello" })).toEqual([{ type: "text-start" }, { type: "text-delta", text: "Hello" }]);
  });
});
