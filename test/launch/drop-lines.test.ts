import fc from "fast-check";
import { expect, it } from "vitest";
import { createLineDropper } from "../../src/launch/drop-lines.ts";

const start = "[client:talk]";

function drop(chunks: readonly Buffer[]): string {
  const dropper = createLineDropper(start);
  return Buffer.concat([...chunks.map((chunk) => dropper.push(chunk)), dropper.end()]).toString();
}

it.each([
  ["a line of talk", `${start} x\n`, ""],
  ["talk between two lines", `one\n${start} x\ntwo\n`, "one\ntwo\n"],
  ["talk that is not at the beginning", `see ${start}\n`, `see ${start}\n`],
  ["a last line without an end", `one\n${start} x`, "one\n"],
  ["the beginning of talk at the end", "one\n[client", "one\n[client"],
  ["empty lines", "\n\n", "\n\n"],
])("%s", (_name, text, expected) => {
  expect(drop([Buffer.from(text)])).toBe(expected);
});

it("gives the same however the bytes are cut", () => {
  const line = fc.oneof(fc.string(), fc.constant(start), fc.constant(start.slice(0, 4)), fc.constant(`${start} {"model":"é"}`));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(12)), (lines, cuts) => {
      const bytes = Buffer.from(lines.join("\n"));
      const chunks: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        chunks.push(bytes.subarray(at, at + cut));
        at += cut;
      }
      chunks.push(bytes.subarray(at));
      expect(drop(chunks)).toBe(drop([bytes]));
    }),
  );
});

it("holds nothing back that cannot be talk", () => {
  const dropper = createLineDropper(start);
  expect(dropper.push(Buffer.from("Pass")).toString()).toBe("Pass");
  expect(dropper.push(Buffer.from("word: ")).toString()).toBe("word: ");
});
