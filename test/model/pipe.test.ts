import { describe, expect, it } from "vitest";
import type { Failure } from "../../src/model/failure.ts";
import { chain, pipe } from "../../src/model/pipe.ts";
import type { Stage } from "../../src/model/stage.ts";

const failure: Failure = { kind: "cut-off", origin: "provider", message: "cut" };

/** Passes each text on so many times with its name behind it, keeps all from then on that it is told to, and tells what else it is asked. */
const stage = (name: string, times: number): Stage<string, string> => {
  let kept = "";
  const take = (said: string) => {
    const out = kept === "" ? [`${name} ${said}`] : [kept, `${name} ${said}`];
    kept = "";
    return out;
  };
  return {
    push(text) {
      if (text.startsWith("keep")) kept += `${text}${name}`;
      return text.startsWith("keep") ? [] : Array.from({ length: times }, () => text + name);
    },
    idle: () => take("idle"),
    fail: ({ message }) => take(message),
    end: () => take("end"),
  };
};

describe("a chain of stages says what they say that are piped one behind the other", () => {
  it.each([[[1]], [[1, 1, 1]], [[2, 0, 1]], [[2, 3, 1, 2]]])("passing on %j times", (times) => {
    const stages = () => times.map((count, index) => stage("abcd".charAt(index), count));
    const ways = [chain(stages()), stages().reduce((first, second) => pipe(first, second))];
    const said = ways.map((way) => [
      way.push("x"),
      way.push("keep"),
      way.idle(),
      way.push("keep"),
      way.push("y"),
      way.fail(failure),
      way.end(),
    ]);
    expect(said[0]).toEqual(said[1]);
    expect(said[0]?.flat()).not.toEqual([]);
  });
});
