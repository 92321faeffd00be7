import { describe, expect, it } from "vitest";
import { withoutSecrets, withoutSecretsIn } from "../../src/route/secrets.ts";

const key = 'ab/cd+ef=="gh~ij';
const clean = (text: string) => withoutSecrets(text, [key]);

describe("a secret that a server repeats", () => {
  it.each([
    ["as it is", key],
    ["in an address", encodeURIComponent(key)],
    ["in JSON inside a text", JSON.stringify(key).slice(1, -1)],
    ["in PHP's JSON", JSON.stringify(key).slice(1, -1).replaceAll("/", "\\/")],
    ["in base64", Buffer.from(key).toString("base64")],
    ["in the base64 of addresses", Buffer.from(key).toString("base64url")],
  ])("is taken out %s", (_how, form) => {
    expect(clean(`was ${form}.`)).toMatch(/^was \[redacted\]=*\.$/);
  });

  it.each(["", "m", "me", "mee", "user"])("is taken out of what base64 makes of it behind the name %j", (name) => {
    const sent = Buffer.from(`${name}:${key}`);
    for (const form of [sent.toString("base64"), sent.toString("base64url"), Buffer.concat([sent, Buffer.from("!?")]).toString("base64")])
      expect(clean(`Basic ${form}.`)).toMatch(/^Basic [\w+/-]{0,8}\[redacted\][\w+/=-]{0,6}\.$/);
  });

  it("is taken out with and without its scheme", () => {
    const secrets = ["Bearer opaque-value"];
    expect(withoutSecrets("Bearer opaque-value, opaque-value", secrets)).toBe("[redacted], [redacted]");
  });

  it("leaves no part of a longer one that begins as it does", () => {
    expect(withoutSecrets("opaque-value-2", ["opaque-value", "opaque-value-2"])).toBe("[redacted]");
  });

  it("is not looked for where it is as short as a word", () => {
    expect(withoutSecrets("the plan of this team", ["team"])).toBe("the plan of this team");
  });

  it("is taken out of each text of a value, and of its names", () => {
    const said = { [key]: [key, 1, null, { of: `x ${key}` }] };
    expect(withoutSecretsIn(said, clean)).toEqual({ "[redacted]": ["[redacted]", 1, null, { of: "x [redacted]" }] });
  });
});
