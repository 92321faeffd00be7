import fc from "fast-check";
import { wires } from "../../../src/cli/wires.ts";
import type { WireName } from "../../../src/model/opaque.ts";
import type { Quirks } from "../../../src/model/quirks.ts";
import { chatStream, habit, hostile, saying } from "../../laws/arbitraries.ts";
import { createGrammar } from "../../support/reply-grammar.ts";
import type { Corpus } from "../corpus.ts";
import { cut, mutateBytes, mutateJson, mutateText, words } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";
import { plainRequests, problemsIn, problemsInReply, someQuirks, wayOf, wireNames } from "../way.ts";

interface Pair {
  readonly client: WireName;
  readonly provider: WireName;
  readonly quirks: Quirks;
}

const pairOf = (random: Random): Pair => ({
  client: random.pick(wireNames),
  provider: random.pick(wireNames),
  quirks: random.chance(2) ? {} : random.pick(someQuirks),
});

interface StreamInput extends Pair {
  readonly parts: readonly Uint8Array[];
  /** After which part the client was shown that the stream lives. */
  readonly idleAfter: number;
  readonly end: "end" | "fail";
}

/** A provider's stream, broken in every way, to a client of any wire: it is legal and has exactly one ending. */
export function streams(corpus: Corpus): Target<StreamInput> {
  return {
    name: "streams",
    share: 420,
    make(random) {
      const pair = pairOf(random);
      const bytes = streamOf(corpus, pair.provider, random);
      const parts = cut(bytes, random);
      return { ...pair, parts, idleAfter: random.below(6), end: random.chance(3) ? "fail" : "end" };
    },
    check({ client, provider, quirks, parts, idleAfter, end }) {
      const way = wayOf(client, provider, quirks, plainRequests[client]);
      if (way === undefined) return "the plain request was refused";
      const stage = way.stream();
      const out: string[] = [];
      for (const [index, part] of parts.entries()) {
        out.push(...stage.push(part));
        if (index === idleAfter) out.push(...stage.idle());
      }
      out.push(...(end === "end" ? stage.end() : stage.fail({ kind: "cut-off", message: "lost", origin: "provider" })));
      const problems = problemsIn(client, provider, out.join(""));
      return problems.length === 0 ? undefined : `${problems.slice(0, 3).join("; ")}\n${out.join("").slice(0, 1500)}`;
    },
    show: ({ parts, ...rest }) => `${JSON.stringify(rest)}\n${JSON.stringify(Buffer.concat(parts).toString("utf8")).slice(0, 3000)}`,
  };
}

/** One of a few streams that a server sent, with changes to its bytes, its frames and the JSON inside them. */
function streamOf(corpus: Corpus, wire: WireName, random: Random): Uint8Array {
  if (wire === "chat" && random.chance(12)) {
    const arbitrary = random.chance(2) ? hostile : fc.tuple(saying, habit).map(([say, how]) => chatStream(say, how));
    return Buffer.from(fc.sample(arbitrary, { seed: random.below(2 ** 31), numRuns: 1 })[0] ?? "");
  }
  let frames = random.pick(corpus.streams[random.chance(20) ? random.pick(wireNames) : wire]).split(/(?<=\n\n)/);
  if (frames.length > 30) frames = [...frames.slice(0, 8 + random.below(8)), ...frames.slice(-6)];
  for (let changes = random.below(4); changes > 0; changes -= 1) {
    const at = random.below(frames.length);
    const frame = frames[at] ?? "";
    switch (random.below(7)) {
      case 0:
        frames.splice(at, 1);
        break;
      case 1:
        frames.splice(at, 0, frame);
        break;
      case 2:
        frames[at] = frames.at(random.below(frames.length)) ?? "";
        break;
      case 3:
        frames[at] = withText(frame, random);
        break;
      default:
        frames[at] = withJson(frame, random);
    }
  }
  let bytes: Uint8Array = Buffer.from(frames.join(""));
  while (random.chance(3)) bytes = mutateBytes(bytes, random);
  return bytes;
}

function withJson(frame: string, random: Random): string {
  return frame.replace(/^data: (.*)$/m, (line, json: string) => {
    try {
      return `data: ${JSON.stringify(mutateJson(JSON.parse(json), random))}`;
    } catch {
      return line;
    }
  });
}

/** The model says something that has a meaning to a reader. */
function withText(frame: string, random: Random): string {
  const said = Array.from({ length: 1 + random.below(5) }, () => random.pick(words)).join("");
  return frame.replace(
    /("(?:content|text|partial_json|arguments|delta|thinking|reasoning)": ?")((?:[^"\\]|\\.)*)"/,
    (_all, start: string, old: string) => `${start}${old}${JSON.stringify(said).slice(1, -1)}"`,
  );
}

interface WholeInput extends Pair {
  readonly reply: unknown;
}

/** A whole reply of a provider, whatever is in it: a legal list of events, which the client's wire can write. */
export function wholeReplies(corpus: Corpus): Target<WholeInput> {
  return {
    name: "whole replies",
    share: 170,
    make(random) {
      const pair = pairOf(random);
      let reply = random.pick(corpus.replies[random.chance(20) ? random.pick(wireNames) : pair.provider]);
      for (let changes = random.below(5); changes > 0; changes -= 1) reply = mutateJson(reply, random);
      if (random.chance(30)) reply = mutateText(random.pick(corpus.errors), random);
      return { ...pair, reply };
    },
    check({ client, provider, quirks, reply }) {
      const way = wayOf(client, provider, quirks, plainRequests[client]);
      const events = way?.events(reply) ?? [];
      const grammar = createGrammar();
      for (const event of events) {
        const problem = grammar.next(event);
        if (problem !== undefined) return problem;
      }
      const open = grammar.over();
      if (open !== undefined) return open;
      const last = events.at(-1);
      if (last?.type === "failure") {
        const told = wires.clients[client].writeFailure(last.failure, "req_1");
        JSON.stringify(told.body);
        return told.status >= 400 && told.status < 600 ? undefined : `a failure is told with ${told.status}`;
      }
      const written = JSON.parse(JSON.stringify(way?.write(events)));
      return problemsInReply(client, provider, written).join("; ") || undefined;
    },
    show: (input) => JSON.stringify(input).slice(0, 3000),
  };
}
