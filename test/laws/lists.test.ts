import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { append, flatMap, keepEach, replaceEach } from "../../src/model/lists.ts";
import { createQueue } from "../../src/model/queue.ts";

const lists = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 20 });

describe("lists", () => {
  it("are what Array.prototype makes of them", () => {
    fc.assert(
      fc.property(lists, fc.func(fc.array(fc.integer(), { maxLength: 3 })), fc.func(fc.integer()), (items, many, one) => {
        expect(flatMap(items, many)).toEqual(items.flatMap((item, index) => many(item, index)));
        expect(replaceEach(items, one)).toEqual(items.map((item, index) => one(item, index)));
        expect(keepEach(items, (item) => one(item) > 0)).toEqual(items.filter((item) => one(item) > 0));
        const list = [0];
        append(list, items);
        expect(list).toEqual([0, ...items]);
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

describe("a queue", () => {
  it("gives what was put in, the first one first, however many have gone before", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -900, max: 1000 }), { maxLength: 30 }), (steps) => {
        const queue = createQueue<number>();
        const model: number[] = [];
        let next = 0;
        for (const step of steps) {
          for (let count = 0; count < step; count += 1) {
            queue.push(next);
            model.push(next);
            next += 1;
          }
          for (let count = 0; count > step; count -= 1) expect(queue.shift()).toBe(model.shift());
          expect([queue.first(), queue.last()]).toEqual([model[0], model.at(-1)]);
          expect(queue.all()).toEqual(model);
        }
      }),
    );
  });
});
