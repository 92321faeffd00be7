import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutOwnSeals as withoutOwnDetails } from "../../src/wire/chat/strip-seals.ts";
import { spansWithout, splice } from "../../src/wire/json-bytes.ts";
import { withoutOwnSeals as withoutOwnThinking, withoutSeals as withoutThinking } from "../../src/wire/messages/strip-seals.ts";
import { writeSeal } from "../../src/wire/responses/seal.ts";
import { carriesOwnSummary, withoutOwnSeals as withoutOwnReasoning } from "../../src/wire/responses/strip-seals.ts";

const strip = (text: string, by: (bytes: Buffer) => Buffer) => by(Buffer.from(text, "utf8")).toString("utf8");

describe("thinking that only fcc can open, in a Messages request", () => {
  const own = '{"type":"thinking","thinking":"a \\"} b","signature":"fcc.eyJ4"}';
  const theirs = '{ "signature" : "EqQB\\u002b", "type":"thinking", "thinking":"" }';
  const text = '{"type":"text","text":"my \\"fcc. note, \\u00e4"}';
  const long = `{"type":"text","text":"${"long ".repeat(20)}\\"},{\\\\\\"${own.replaceAll(/["\\]/g, "\\$&")} C:\\\\"}`;
  const body = (content: string, rest = "") =>
    `{"x":1.0,  "messages":[{"role":"user","content":"hi"} , {"content": [${content}],"role":"assistant"}, {"role":"user","content":"on"}]${rest}}`;

  it.each<[name: string, content: string, left: string]>([
    ["first", `${own}, ${text}`, text],
    ["last", `${text} ,${own}`, text],
    ["between", `${text}, ${own},${text}`, `${text},${text}`],
    ["two, and one of the provider's own", `${own},${own}, ${theirs},${text}`, `${theirs},${text}`],
    ["none, though the text has the mark", text, text],
    ["none of them fcc's", `${theirs},${text}`, `${theirs},${text}`],
    ["before a long text with quotes and backslashes", `${own}, ${long}`, long],
  ])("%s: it goes, and every other byte stays", (_name, content, left) => {
    expect(strip(body(content), withoutOwnThinking)).toBe(body(left));
  });

  it("a turn of nothing else goes with it, as an empty one is refused", () => {
    expect(strip(body(`${own},${own}`), withoutOwnThinking)).toBe(
      '{"x":1.0,  "messages":[{"role":"user","content":"hi"}, {"role":"user","content":"on"}]}',
    );
  });

  const call = '{"type":"tool_use","id":"t","name":"Read","input":{}}';
  it("where a call has lost its thinking, thinking by a budget is off for this request, with the edit that needs it", () => {
    const clear = '{"type":"clear_thinking_20251015","keep":"all"}';
    const rest = `,"context_management":{"edits":[${clear}]},"thinking":{"type":"enabled","budget_tokens":2000}, "max_tokens":5`;
    expect(strip(body(`${own},${call}`, rest), withoutOwnThinking)).toBe(body(call, ',"thinking":{"type":"disabled"}, "max_tokens":5'));
    const others = rest.replace(clear, `${clear},{"type":"clear_tool_uses_20250919"}`);
    const left = ',"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]},"thinking":{"type":"disabled"}, "max_tokens":5';
    expect(strip(body(`${own},${call}`, others), withoutOwnThinking)).toBe(body(call, left));
  });

  it("adaptive thinking stays on, and an earlier turn changes nothing", () => {
    const adaptive = ',"thinking":{"type":"adaptive"}';
    expect(strip(body(`${own},${call}`, adaptive), withoutOwnThinking)).toBe(body(call, adaptive));
    const budget = ',"thinking":{"type":"enabled","budget_tokens":2000}';
    for (const content of [`[${text}]`, '"done"']) {
      const later = `${body(`${own},${call}`).slice(0, -2)},{"role":"assistant","content":${content}}]${budget}}`;
      expect(strip(later, withoutOwnThinking)).toContain(budget);
    }
  });

  it("all of it, or what was refused, can go by its signature", () => {
    const redacted = '{"type":"redacted_thinking","data":"abc"}';
    const bytes = Buffer.from(body(`${theirs},${redacted},${text}`));
    const signatures: string[] = [];
    withoutThinking(bytes, (signature) => signatures.push(signature) < 0);
    expect(signatures).toEqual(["EqQB+", "abc"]);
    expect(withoutThinking(bytes, (signature) => signature === "abc").toString()).toBe(body(`${theirs},${text}`));
    expect(withoutThinking(bytes, () => true).toString()).toBe(body(text));
  });

  it.each([
    "",
    "[]",
    '{"messages":"fcc."}',
    '{"messages":[1,{"content":[2,"fcc."]},{"content":"fcc."}]}',
    '{"messages":[{"content":[{"type":"thinking","signature":"fcc.',
  ])("%j stays as it is", (text) => {
    expect(strip(text, withoutOwnThinking)).toBe(text);
  });
});

describe("reasoning that only fcc can open", () => {
  it("goes from a Responses request", () => {
    const body = (items: string) => `{"input": [{"role":"user","content":"hi"}${items}],"model":"m"}`;
    const own = '{"type":"reasoning","summary":[],"encrypted_content":"fcc.abc"}';
    const theirs = '{"type":"reasoning","summary":[],"encrypted_content":"gAAA"}';
    const forBox = (bytes: Buffer) => withoutOwnReasoning(bytes, "box/m");
    expect(strip(body(`,${own}, ${theirs},${own}`), forBox)).toBe(body(`, ${theirs}`));
    expect(strip(body(`,${theirs}`), forBox)).toBe(body(`,${theirs}`));
  });

  it("goes back to its maker as that sealed it, without the id that fcc gave it", () => {
    const sealed = (maker: string) => writeSeal({ wire: "responses", maker, value: 'gAAA"' });
    const item = (content: string, id = "") => `{${id}"type":"reasoning", "encrypted_content" :${content},"summary":[]}`;
    const body = (items: string) => `{"input": [${items}],"model":"m"}`;
    const mixed = body(`${item(JSON.stringify(sealed("box/m")), '"id":"rs_1", ')},${item(JSON.stringify(sealed("other/m")))}`);
    expect(strip(mixed, (bytes) => withoutOwnReasoning(bytes, "box/m"))).toBe(body(item('"gAAA\\""')));
  });

  it("goes from a chat request, with the list where nothing is left", () => {
    const body = (details: string) => `{"messages":[{"role":"assistant","content":"x"${details}}, {"role":"user","content":"fcc."}]}`;
    const own = '{"type":"reasoning.encrypted","data":"fcc.abc"}';
    const theirs = '{"type":"reasoning.text","text":"t"}';
    expect(strip(body(`, "reasoning_details":[${own}, ${theirs}]`), withoutOwnDetails)).toBe(body(`, "reasoning_details":[${theirs}]`));
    expect(strip(body(`, "reasoning_details":[${own}]`), withoutOwnDetails)).toBe(body(""));
  });

  it("a summary of fcc's is seen, since it must be read", () => {
    expect(carriesOwnSummary({ input: [{ type: "compaction", encrypted_content: "fcc.x" }] })).toBe(true);
    expect(
      carriesOwnSummary({
        input: [
          { type: "compaction", encrypted_content: "gAAA" },
          { type: "reasoning", encrypted_content: "fcc.x" },
        ],
      }),
    ).toBe(false);
    expect(carriesOwnSummary({ input: "fcc." })).toBe(false);
  });
});

it("members are cut so that JSON stays JSON", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom("", " ", "\n ")), { maxLength: 6 }), (items) => {
      const spans: { start: number; end: number }[] = [];
      let text = "[";
      for (const [index, [, space]] of items.entries()) {
        text += index === 0 ? space : `${space},${space}`;
        spans.push({ start: text.length, end: text.length + 1 });
        text += String(index);
      }
      text += " ]";
      const cut = splice(
        Buffer.from(text),
        spansWithout(spans, (at) => items[at]?.[0] === true),
      );
      expect(JSON.parse(cut.toString())).toEqual([...items.keys()].filter((at) => items[at]?.[0] !== true));
    }),
  );
});
