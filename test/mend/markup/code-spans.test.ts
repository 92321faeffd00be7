import { describe, expect, it } from "vitest";
import { createCodeSpans } from "../../../src/mend/markup/code-spans.ts";

/** Whether the end of a text is code, fed whole and character by character. */
function isCode(text: string): boolean {
  const [whole, single] = [createCodeSpans(), createCodeSpans()];
  whole.feed(text);
  for (const character of text) single.feed(character);
  expect(single.inside()).toBe(whole.inside());
  return whole.inside();
}

describe("the end of a Markdown text", () => {
  it.each([
    "```\n",
    "```sh\nls\n",
    "~~~\n```\n",
    "a `",
    "a ``b ` ",
    "a ```",
    "like this: ```\n",
    "like this: ```xml\r\n",
    "> ```\n> ",
    "1. ```\n",
    "- > ```\n  > ",
    "```js foo\n",
    "```\n> ```\n",
  ])("is code: %j", (text) => {
    expect(isCode(text)).toBe(true);
  });

  it.each([
    "```sh\nls\n```\n",
    "```sh\nls\n``` ",
    "~~~\n```\n~~~\n",
    "a `b` ",
    "a ` b\n",
    "a ``b ` c`` ",
    "use ```npm i``` first",
    "```npm i```\n",
    "he wrote ``` and then\n",
    "> ```\n> ls\n> ```\n",
    "> ```\n> ls\n",
    "> ```\n> ls\n\nso ",
    "> ```js `x`\n> ls\nso ",
    "a ~~~\n",
  ])("is text: %j", (text) => {
    expect(isCode(text)).toBe(false);
  });

  // What tries each way of parting the digits takes hours here.
  it.each(["1".repeat(60), "- > 1.".repeat(20), " ".repeat(100_000)])("is found at once: %s", (text) => {
    expect(isCode(`${text}x\n`)).toBe(false);
  });
});
