import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import { callChunk, chunk, end, fold, open } from "./reading.ts";

/** What each chunk puts out, as short words. */
function steps(chunks: readonly object[]): string[][] {
  const stage = open().read.stream();
  return chunks.map((item) => stage.push({ data: JSON.stringify(item) }).map(word));
}

function word(event: ReplyEvent): string {
  if (event.type === "text-delta" || event.type === "thinking-delta") return event.text;
  if (event.type === "tool-delta") return event.json;
  return event.type === "tool-start" ? `${event.id}:${event.name}` : event.type;
}

const call = (index: number, id: string, name: string, json = "") => callChunk({ index, id, function: { name, arguments: json } });
const json = (index: number, text: string) => callChunk({ index, function: { arguments: text } });

describe("nothing is held back but what has to wait", () => {
  it("starts with the first chunk, and sends text and arguments as they come", () => {
    expect(
      steps([
        chunk({ role: "assistant", content: "" }),
        chunk({ content: "a" }),
        call(0, "c1", "Read"),
        json(0, "{"),
        json(0, '"a":1}'),
        end(),
      ]),
    ).toEqual([["reply-start"], ["text-start", "a"], ["text-end", "c1:Read"], ["{"], ['"a":1}'], []]);
  });

  it("sends a second call live once the first is complete", () => {
    expect(steps([call(0, "c1", "Read", '{"a":1}'), call(1, "c2", "Bash"), json(1, '{"b"')]).slice(1)).toEqual([
      ["tool-end", "c2:Bash"],
      ['{"b"'],
    ]);
  });

  it("lets a second call wait only until the first is complete", () => {
    expect(steps([call(0, "c1", "Read", '{"a"'), call(1, "c2", "Bash", '{"b"'), json(0, ":1}"), json(1, ":2}")]).slice(1)).toEqual([
      [],
      [":1}", "tool-end", "c2:Bash", '{"b"'],
      [":2}"],
    ]);
  });

  it("is not misled by brackets and quotes inside strings", () => {
    expect(
      steps([call(0, "c1", "Read", '{"a":"\\"}'), call(1, "c2", "Bash"), json(0, '}{"'), json(0, "}"), json(1, "{}")]).slice(1),
    ).toEqual([[], ['}{"'], ["}", "tool-end", "c2:Bash"], []]);
  });

  it("waits for the real arguments through white space", () => {
    const stage = open().read.stream();
    const chunks = [call(0, "c1", "Read", "{}"), chunk({ content: "\n" }), json(0, '{"a":1}'), end()];
    const events = chunks.flatMap((item) => stage.push({ data: JSON.stringify(item) }));
    expect(fold([...events, ...stage.end()]).parts).toEqual(['tool:c1:Read:{"a":1}', "text:\n"]);
  });
});
