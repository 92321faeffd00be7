import { expect, it } from "vitest";
import { isAlive, markOfProcess } from "../../src/launch/alive.ts";

/** A process that there is not: Linux gives no number above 4,194,304. */
const gone = markOfProcess().replace(/^\d+-\d+/, "4999999-1");

it("tells a process of this machine that is gone", () => {
  expect([isAlive(markOfProcess()), isAlive(gone)]).toEqual([true, false]);
});

it("takes one of another machine with the same home, which cannot be seen from here, for alive", () => {
  expect(isAlive(gone.replace(/[^-]+$/, "0123abcd"))).toBe(true);
});
