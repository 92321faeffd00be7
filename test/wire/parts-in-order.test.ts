import fc from "fast-check";
import { expect, it } from "vitest";
import type { ReplyEvent } from "../../src/model/event.ts";
import { type Part, tellInOrder } from "../../src/wire/parts-in-order.ts";
import { createGrammar } from "../support/reply-grammar.ts";

/** What is told of these steps: `+a` begins the text a, `+A` the call A, `a` says something of it, `-a` ends it, `.` closes. */
function told(steps: readonly string[]): string[] {
  const out: string[] = [];
  const grammar = createGrammar();
  grammar.next({ type: "reply-start", id: "r" });
  const parts = new Map<string, Part & { readonly name: string }>();
  const tell = (event: ReplyEvent): void => {
    expect(grammar.next(event)).toBeUndefined();
    out.push("id" in event ? `+${event.id}` : "text" in event ? event.text : "json" in event ? event.json : event.type);
  };
  const order = tellInOrder<Part & { readonly name: string }>(
    tell,
    ({ kind, name }) => [kind === "tool" ? { type: "tool-start", id: name, name } : { type: "text-start" }],
    ({ kind }) => [kind === "tool" ? { type: "tool-end" } : { type: "text-end" }],
  );
  for (const step of steps) {
    const name = step.slice(-1);
    const part = parts.get(name);
    const isCall = name < "a";
    if (step === ".") order.close();
    else if (step.startsWith("+") && part === undefined) {
      const begun = { kind: isCall ? "tool" : "text", held: [], ended: false, name };
      parts.set(name, begun);
      order.begin(begun);
    } else if (step.startsWith("-") && part !== undefined) order.end(part);
    else if (step === name && part?.ended === false)
      order.say(part, isCall ? { type: "tool-delta", json: name } : { type: "text-delta", text: name });
  }
  return out;
}

it("tells the first part as it comes, and what overlaps it when it is over", () => {
  expect(told(["+A", "A", "+B", "B", "A"])).toEqual(["+A", "A", "A"]);
  expect(told(["+A", "+B", "B", "-B", "A", "+c", "c", "-A"])).toEqual(["+A", "A", "tool-end", "+B", "B", "tool-end", "text-start", "c"]);
});

it("takes text for over when something else begins", () => {
  expect(told(["+a", "a", "+B", "B", "+c", "+D", "c", "-B"])).toEqual([
    ...["text-start", "a", "text-end", "+B", "B", "tool-end"],
    ...["text-start", "text-end", "+D"],
  ]);
});

it("tells each part whole, in the order in which they began, however they overlap", () => {
  const step = fc.tuple(fc.constantFrom("+", "+", "", "", "-"), fc.constantFrom("a", "B", "c", "D", "E")).map((pair) => pair.join(""));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const out = told([...steps, "."]);
      const begun = [...new Set(steps.filter((one) => one.startsWith("+")).map((one) => one.slice(1)))];
      expect(out.filter((one) => one.startsWith("+"))).toEqual(begun.filter((name) => name < "a").map((name) => `+${name}`));
      expect(out.filter((one) => one.endsWith("-end"))).toHaveLength(begun.length);
    }),
  );
});
