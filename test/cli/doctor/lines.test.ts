import { describe, expect, it } from "vitest";
import type { Examined } from "../../../src/checks/index.ts";
import { findingLines, verdictLines } from "../../../src/cli/doctor/lines.ts";

const refused: Examined = {
  id: "authentication",
  title: "authentication",
  state: "bad",
  seen: "cloud refuses the key of CLOUD_KEY: it is not one that was made here",
  sent: "a list of models and a short question",
  todo: "`npm install -g @a-long/name-of-a-package@2.1.332` or write:\n  profile: mine",
};

describe("the lines of a finding", () => {
  it("are whole where no terminal has columns for them", () => {
    expect(findingLines(refused)).toEqual([
      "BAD     authentication                cloud refuses the key of CLOUD_KEY: it is not one that was made here",
      "                                      sent: a list of models and a short question",
      "                                      `npm install -g @a-long/name-of-a-package@2.1.332` or write:",
      "                                        profile: mine",
    ]);
  });

  it("are parted between words on a terminal, except what is to be pasted", () => {
    expect(findingLines(refused, 80)).toEqual([
      "BAD     authentication                cloud refuses the key of CLOUD_KEY: it is",
      "                                      not one that was made here",
      "                                      sent: a list of models and a short",
      "                                      question",
      "                                      `npm install -g @a-long/name-of-a-package@2.1.332`",
      "                                      or write:",
      "                                        profile: mine",
    ]);
  });

  it("stand below the title on a narrow terminal", () => {
    expect(findingLines(refused, 40).slice(0, 4)).toEqual([
      "BAD     authentication",
      "        cloud refuses the key of",
      "        CLOUD_KEY: it is not one that",
      "        was made here",
    ]);
  });

  it("stand below a title that leaves no room beside it", () => {
    const title = "router/deepseek/deepseek-chat-v3.1";
    expect(findingLines({ id: "target", title, state: "good", seen: "it answered" })).toEqual([`ok      ${title}`, "        it answered"]);
  });

  it("are parted in the verdict too", () => {
    expect(verdictLines([refused], 40).slice(0, 4)).toEqual([
      "A launch would fail: authentication:",
      "cloud refuses the key of CLOUD_KEY: it",
      "is not one that was made here",
      "  `npm install -g @a-long/name-of-a-package@2.1.332`",
    ]);
  });
});
