import { mend } from "../../../src/mend/mend.ts";
import { families } from "../../../src/mend/written/families.ts";
import type { ReplyEvent } from "../../../src/model/event.ts";
import { runStage } from "../../../src/model/pipe.ts";
import type { Quirks } from "../../../src/model/quirks.ts";
import { parseJson } from "../../../src/wire/json.ts";
import { messagesClient } from "../../../src/wire/messages/client.ts";
import { createGrammar } from "../../support/reply-grammar.ts";
import { mutateText, words } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";
import { plainRequests, someQuirks } from "../way.ts";

interface Said {
  readonly quirks: Quirks;
  readonly events: readonly ReplyEvent[];
}

const markers = families.flatMap(({ open, close }) => [...open, ...close]);
const argumentsOf = [
  '{"file_path":"a b"}',
  '{"command":"ls","timeout":1}',
  "{'file_path': 'a'}",
  '{"command":"a\\nb"',
  "file_path: a",
  '{"file_path": "a",}',
  '{"a":{"b":[1,2',
];

function said(random: Random): string {
  const piece = () =>
    random.pick([
      () => random.pick(markers),
      () => random.pick(words),
      () => `{"name":"${random.pick(["Read", "Bash", "get_weather", "none"])}","arguments":${random.pick(argumentsOf)}}`,
      () => random.pick(argumentsOf),
      () => random.pick(["Read", "Bash", "functions.Read:0", " and then ", "漢字 ", "`", "\n\n"]),
    ])();
  let text = Array.from({ length: 1 + random.below(12) }, piece).join("");
  while (random.chance(2)) text = mutateText(text, random);
  return random.chance(200) ? text.repeat(1 + random.below(400)) : text;
}

function pieces(text: string, random: Random): string[] {
  const size = random.pick([1, 2, 5, 20, 1000]);
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
}

/** What a model writes, with the markup of every family in it, through all mends. */
export const markup: Target<Said> = {
  name: "markup",
  share: 170,
  make(random) {
    const events: ReplyEvent[] = [{ type: "reply-start", id: "r" }];
    for (let parts = 1 + random.below(3); parts > 0; parts -= 1) {
      const type = random.pick(["text", "text", "thinking", "tool"] as const);
      const text = pieces(type === "tool" ? mutateText(random.pick(argumentsOf), random) : said(random), random);
      if (type === "tool") {
        events.push({
          type: "tool-start",
          id: random.pick(["", "c1", "c1", "x".repeat(80)]),
          name: random.pick(["Read", "Bash", "read", ""]),
        });
        for (const json of text) events.push({ type: "tool-delta", json });
        events.push({ type: "tool-end" });
      } else {
        events.push({ type: `${type}-start` });
        for (const delta of text) events.push({ type: `${type}-delta`, text: delta });
        events.push({ type: `${type}-end` });
      }
    }
    if (random.chance(4)) events.push({ type: "failure", failure: { kind: "cut-off", message: "lost", origin: "provider" } });
    else events.push({ type: "reply-end", stop: { reason: random.pick(["end", "tool-use", "max-output"]) }, usage: {} });
    return { quirks: random.chance(2) ? {} : random.pick(someQuirks), events };
  },
  check({ quirks, events }) {
    let count = 0;
    const ids = { next: (prefix: string) => `${prefix}${++count}` };
    const accepted = messagesClient.accept(plainRequests.messages, { ids, now: 1 });
    if ("failure" in accepted) return accepted.failure.message;
    const out = runStage(mend(accepted.request, { quirks, ids, wire: "chat", inputEstimate: () => 1 }).events(), events);
    const grammar = createGrammar();
    let json: string | undefined;
    for (const event of out) {
      const problem = grammar.next(event);
      if (problem !== undefined) return problem;
      if (event.type === "tool-start") json = "";
      if (event.type === "tool-delta") json += event.json;
      if (event.type !== "tool-end") continue;
      // What cannot be repaired goes as it came and cannot run; what is JSON is an object.
      const parsed = parseJson(json || "{}");
      if (parsed !== undefined && (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)))
        return `arguments that are no object: ${json}`;
    }
    return grammar.over();
  },
  show: (input) => JSON.stringify(input).slice(0, 3000),
};
