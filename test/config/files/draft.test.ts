import { describe, expect, it } from "vitest";
import { parseText } from "../../../src/config/files/document.ts";
import { type Draft, editsOf } from "../../../src/config/files/draft.ts";
import { editText } from "../../../src/config/files/edit-text.ts";

const draft = (over: Partial<Draft> = {}): Draft => ({
  profile: "mine",
  makeDefault: true,
  models: { model: ["box/big"] },
  providers: {},
  ...over,
});

function edited(before: string | undefined, change: Draft, format: "json" | "yaml" = "yaml", under?: string): string {
  const parsed = before === undefined ? { value: {} } : parseText(before, format, under);
  if (!("value" in parsed)) throw new Error("the test's own file does not parse");
  const file = before === undefined ? undefined : { text: before, format, ...(under && { under }) };
  const result = editText(file, editsOf(change, parsed.value));
  if (result.fault !== undefined) throw new Error(result.fault);
  return result.text;
}

const read = (text: string) => {
  const parsed = parseText(text, "yaml");
  return "value" in parsed ? parsed.value : undefined;
};

describe("a new file", () => {
  it("says what it is, and each part has a comment", () => {
    const text = edited(
      undefined,
      draft({ models: { model: ["box/big"], haiku: ["box/small"] }, providers: { box: { extends: "vllm", baseUrl: "http://box:1" } } }),
    );
    expect(text).toMatch(/^# Written by `fcc init`/);
    expect(text).toMatch(/model: box\/big # the main model/);
    expect(text).toMatch(/haiku: box\/small # the small model/);
    expect(read(text)).toEqual({
      profile: "mine",
      providers: { box: { extends: "vllm", baseUrl: "http://box:1" } },
      profiles: { mine: { model: "box/big", haiku: "box/small" } },
    });
  });
});

const written = `# My own notes.
profile: mine # daily

providers:
  box: { baseUrl: "http://old:1" } # in the cellar
  other: # keep
    extends: vllm
    baseUrl: http://other:2

profiles:
  mine:
    model: { target: box/big, context: 65536 } # measured
    haiku: other/small
    boundary: private
  night: other/large # at night

clients:
  claude: { args: [--verbose] }
`;

describe("an existing file", () => {
  it("keeps comments, order and everything that was not chosen", () => {
    const text = edited(written, draft({ models: { model: ["box/new"], haiku: null }, providers: { box: { baseUrl: "http://new:3" } } }));
    for (const comment of ["# My own notes.", "# daily", "# in the cellar", "# keep", "# at night"]) expect(text).toContain(comment);
    expect(read(text)).toEqual({
      profile: "mine",
      providers: { box: { baseUrl: "http://new:3" }, other: { extends: "vllm", baseUrl: "http://other:2" } },
      profiles: { mine: { model: "box/new", boundary: "private" }, night: "other/large" },
      clients: { claude: { args: ["--verbose"] } },
    });
  });

  it("stays the same, value for value, when the same is chosen again", () => {
    expect(read(edited(written, draft({ models: { model: ["box/big"], haiku: ["other/small"] } })))).toEqual(read(written));
  });

  it.each([
    ["yaml", "# mine\r\nprofile: old # daily\r\n"],
    ["json", '{\r\n  "profile": "old"\r\n}\r\n'],
  ] as const)("keeps the line ends of Windows: %s", (format, before) => {
    const text = edited(before, draft(), format);
    expect(text).toContain("box/big");
    expect(text.match(/(?<!\r)\n/)).toBeNull();
  });

  it("ends each line as most of them end", () => {
    expect(edited("# one\n# two\r\n# three\nprofile: old\n", draft())).not.toContain("\r");
    expect(edited("# one\r\n# two\nprofile: old\r\n", draft()).match(/(?<!\r)\n/)).toBeNull();
  });

  it("keeps alternatives behind a new first target", () => {
    const text = edited("profiles: { mine: { model: [a/one, b/two] } }\n", draft({ models: { model: ["b/two"] } }));
    expect(read(text)).toMatchObject({ profiles: { mine: { model: ["b/two"] } } });
    expect(read(edited("profiles: { mine: { model: [a/one, b/two] } }\n", draft()))).toMatchObject({
      profiles: { mine: { model: ["box/big", "b/two"] } },
    });
  });

  it("opens a profile in short form, and adds one beside others", () => {
    const text = edited(written, draft({ profile: "night", makeDefault: false, models: { model: ["box/big"], haiku: ["box/small"] } }));
    expect(read(text)).toMatchObject({ profile: "mine", profiles: { night: { model: "box/big", haiku: "box/small" } } });
    expect(read(edited(written, draft({ profile: "third" })))).toMatchObject({
      profile: "third",
      profiles: { mine: {}, third: { model: "box/big" } },
    });
  });

  it.each([
    ["nothing but a comment", "# later\n"],
    ["empty", ""],
    ["keys without values", "providers:\nprofiles:\n"],
    ["empty maps", "providers: {}\nprofiles: {}\n"],
    ["JSON in a YAML file", '{"profiles": {"x": "a/b"}}\n'],
  ])("may be %s", (_what, before) => {
    const text = edited(before, draft({ providers: { box: { baseUrl: "http://box:1" } } }));
    expect(read(text)).toMatchObject({
      profile: "mine",
      providers: { box: { baseUrl: "http://box:1" } },
      profiles: { mine: { model: "box/big" } },
    });
    if (before.startsWith("#")) expect(text).toContain("# later");
  });

  it("is refused where an edit would have to guess", () => {
    expect(editText({ text: "a: [1\n", format: "yaml" }, [])).toHaveProperty("fault");
    expect(editText({ text: "- a\n", format: "yaml" }, [])).toHaveProperty("fault");
    expect(editText({ text: "{", format: "json" }, [])).toHaveProperty("fault");
    const alias = "base: &b { x: a/b }\nprofiles: *b\n";
    expect(editText({ text: alias, format: "yaml" }, [{ path: ["profiles", "mine", "model"], value: "c/d" }])).toHaveProperty("fault");
  });
});

describe("JSON", () => {
  it("is edited in its own indent, and only below the key that is ours", () => {
    const before = `${JSON.stringify({ name: "app", fcc: { profile: "mine", profiles: { mine: "a/b" } }, scripts: { test: "x" } }, null, 4)}\n`;
    const text = edited(before, draft(), "json", "fcc");
    expect(JSON.parse(text)).toEqual({
      name: "app",
      fcc: { profile: "mine", profiles: { mine: { model: "box/big" } } },
      scripts: { test: "x" },
    });
    expect(text).toContain('\n    "name"');
  });
});
