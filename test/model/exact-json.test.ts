import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExactly, stringifyExactly } from "../../src/model/exact-json.ts";

describe("JSON with integers that a double cannot hold", () => {
  it.each([
    '{"id":1234567890123456789,"of":[-9223372036854775808,18446744073709551615]}',
    "[12345678901234567890]",
    "12345678901234567890",
    '{"9876543210987654321":{"a\\\\":98765432109876543210},"text":"x 1234567890123456789, \\" 1234567890123456789"}',
    '{"last":[{"of":{"several":9007199254740993}}]}',
    '{"exact":[9007199254740991,1234567890123456,-0.5,true,null]}',
  ])("is written as it was read: %s", (text) => {
    expect(stringifyExactly(parseExactly(text))).toBe(text);
  });

  it("is so wherever the integer stands", () => {
    for (let at = 0; at < 40; at += 1) {
      for (const integer of ["9007199254740993", "12345678901234567"]) {
        const text = `{"${"k".repeat(at)}":${integer}}`;
        expect(stringifyExactly(parseExactly(text))).toBe(text);
      }
    }
  });

  it("leaves settings numbers, which stand further out", () => {
    const body = parseExactly('{"max_tokens":9223372036854775807,"tools":[{"of":{"most":9223372036854775807}}]}', 4);
    expect(body).toHaveProperty("max_tokens", 2 ** 63);
    expect(stringifyExactly(body)).toContain('"most":9223372036854775807');
  });

  it("is none where JSON.parse refuses it", () => {
    for (const text of [
      "[012345678901234567890]",
      "[+12345678901234567890]",
      "[1 12345678901234567890]",
      '{"a":12345678901234567890',
      '"12345678901234567890',
    ])
      expect(parseExactly(text)).toBeUndefined();
  });

  it("is JSON.parse for everything else", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseExactly(text)).toEqual(JSON.parse(text));
        expect(stringifyExactly(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(text)));
        // The rest is as it was beside one, too.
        const beside = `{"one":12345678901234567890,"other":${text}}`;
        expect(stringifyExactly(parseExactly(beside))).toContain(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});
