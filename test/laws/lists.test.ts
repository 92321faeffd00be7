import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flatMap, keepEach, replaceEach } from "../../src/model/lists.ts";

const lists = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 20 });

describe("lists", () => {
  it("are what Array.prototype makes of them", () => {
    fc.assert(
      fc.property(lists, fc.func(fc.array(fc.integer(), { maxLength: 3 })), fc.func(fc.integer()), (items, many, one) => {
        expect(flatMap(items, many)).toEqual(items.flatMap((item, index) => many(item, index)));
        expect(replaceEach(items, one)).toEqual(items.map((item) => one(item)));
        expect(keepEach(items, (item) => one(item) > 0)).toEqual(items.filter((item) => one(item) > 0));
      }),
    );
  });

  it("are themselves where nothing changes, and never changed", () => {
    fc.assert(
      fc.property(lists, (items) => {
        const before = Object.freeze([...items]);
        expect(replaceEach(before, (item) => item)).toBe(before);
        expect(keepEach(before, () => true)).toBe(before);
        const doubled = replaceEach(before, (item) => item * 2);
        expect(doubled === before).toBe(before.every((item) => item === item * 2));
        expect(before).toEqual(items);
      }),
    );
  });
});
