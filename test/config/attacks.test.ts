import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { cosmiconfig } from "cosmiconfig";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createExplorer } from "../../src/config/files/search.ts";
import { world } from "./world.ts";

/** Each attack leaves a file behind when its code runs. The same files are first shown to work against cosmiconfig left alone. */
const mark = (path: string) => `require("node:fs").writeFileSync(${JSON.stringify(path)}, "ran"); module.exports = { profile: "x" };`;
const markModule = (path: string) =>
  `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(path)}, "ran"); export default { profile: "x" };`;

const before = process.cwd();
const configHome = process.env.XDG_CONFIG_HOME;
afterEach(() => {
  process.chdir(before);
  if (configHome === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = configHome;
});

interface Attack {
  readonly name: string;
  files(ran: string): Readonly<Record<string, string>>;
  /** How cosmiconfig runs it when used as its manual says. */
  naive(): Promise<unknown>;
}

const attacks: readonly Attack[] = [
  {
    name: "$import of a script in a data file",
    files: (ran) => ({ "home/project/.fccrc": "$import: ./x.cjs\n", "home/project/x.cjs": mark(ran) }),
    naive: () => cosmiconfig("fcc").search(),
  },
  {
    name: "a meta configuration that is a CommonJS script",
    files: (ran) => ({ "home/project/.config/config.cjs": mark(ran), "home/project/.fccrc": "profile: demo\n" }),
    naive: async () => cosmiconfig("fcc"),
  },
  {
    name: "a meta configuration that adds a script to the search places",
    files: (ran) => ({
      "home/project/.config/config.json": JSON.stringify({ cosmiconfig: { searchPlaces: ["evil.cjs"] } }),
      "home/project/evil.cjs": mark(ran),
    }),
    naive: () => cosmiconfig("fcc").search(),
  },
  {
    name: "a script in the configuration folder under the global strategy",
    files: (ran) => ({ "home/.config/fcc/config.cjs": mark(ran) }),
    naive: () => cosmiconfig("fcc", { searchStrategy: "global" }).search(),
  },
];

describe("code in a configuration is never run", () => {
  it.each(attacks)("$name", async ({ files, naive }) => {
    const there = world();
    const ran = join(there.root, "ran");
    for (const [path, content] of Object.entries(files(ran))) there.write(path, content);
    process.chdir(there.project);
    process.env.XDG_CONFIG_HOME = join(there.home, ".config");

    await there.load({ env: { XDG_CONFIG_HOME: join(there.home, ".config") } });
    await setTimeout(250);
    expect(existsSync(ran), "fcc ran it").toBe(false);

    await naive().catch(() => undefined);
    // A script of the meta configuration is imported by a promise that no one waits for.
    await vi.waitFor(() => expect(existsSync(ran), "the attack is real").toBe(true), 5_000);
  });

  it.each([
    "fcc.config.mts",
    ".fccrc.js",
    ".fccrc.cjs",
    ".fccrc.mjs",
    ".fccrc.ts",
    "fcc.config.js",
    "fcc.config.cjs",
    ".config/fccrc.cjs",
    ".config/config.mjs",
  ])("%s is not read, and told where it is meant for fcc", async (name) => {
    const there = world();
    const ran = join(there.root, "ran");
    there.write(`home/project/${name}`, name.endsWith(".mjs") ? markModule(ran) : mark(ran));
    process.chdir(there.project);
    const loaded = await there.loaded();
    await setTimeout(100);
    expect(existsSync(ran)).toBe(false);
    expect(loaded.choice).toBeUndefined();
    const told = name === ".config/config.mjs" ? [] : [expect.stringContaining(`${name} is not read: fcc runs no configuration as code.`)];
    expect(loaded.notices).toEqual(told);
  });

  it.each(["evil.cjs", "evil.mjs", "evil.js", "evil.ts"])("a file or --config that is %s is refused", async (name) => {
    const there = world();
    const ran = join(there.root, "ran");
    const path = there.write(`home/project/${name}`, mark(ran));
    const explorer = await createExplorer();
    expect(() => explorer.load(path)).toThrow("never runs a configuration file");
    expect(await there.errorOf({ options: { config: path } })).toEqual([
      `--config: ${name} is not data: fcc never runs a configuration file.`,
    ]);
    expect(existsSync(ran)).toBe(false);
  });
});

describe("data that would do harm is refused", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]",
    "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]",
    "d: [*c,*c,*c,*c,*c]",
  ].join("\n");
  const merges = `a0: &a0 { x: y }\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} { <<: [*a${n}, *a${n}] }`).join("\n")}`;
  it.each([
    ["$import at the top", "$import: ./other.yaml\n", ".fccrc:1: the key $import is refused"],
    ["$import deep inside", "profiles:\n  a:\n    $import: ./other.yaml\n", ".fccrc:3: the key $import is refused"],
    ["__proto__", "profile: demo\n__proto__:\n  polluted: true\n", ".fccrc:2: the key __proto__ is refused"],
    [
      "__proto__ in JSON",
      '{\n  "providers": {\n    "__proto__": { "baseUrl": "http://x" }\n  }\n}\n',
      ".fccrc:3: the key __proto__ is refused",
    ],
    ["an alias bomb", bomb, ".fccrc:1: too many aliases: refused, since they can unfold without end"],
    ["a bomb of merges", merges, ".fccrc:1: too many aliases: refused, since they can unfold without end"],
    ["a merge of itself", "profiles: &a\n  <<: *a\n", ".fccrc:1: too many aliases: refused, since they can unfold without end"],
    [
      "__proto__ in a merge",
      "profiles:\n  <<: [{ a: ollama/x }, { __proto__: { polluted: true } }]\n",
      ".fccrc:2: the key __proto__ is refused",
    ],
    ["an alias inside its own anchor", "profiles: &a\n  x: *a\n", ".fccrc:1: nested without end"],
    ["a tag", "profile: !!js/function 'x'\n", ".fccrc:1: not well-formed YAML"],
    ["more than 64 KB", `# ${"x".repeat(65_536)}\nprofile: demo\n`, ".fccrc:1: the file is larger than 64 KB"],
    ["nesting without end", `profile: ${"[".repeat(30_000)}`, ".fccrc:1: nested too deep"],
    ["two documents", "profile: a\n---\nprofile: b\n", ".fccrc:2: more than one document in the file"],
    ["a key twice", "profile: a\nprofile: b\n", '.fccrc:2: the key "profile" stands twice'],
  ])("%s", async (_name, text, expected) => {
    const there = world({ "home/project/.fccrc": text });
    const lines = await there.errorOf();
    expect(lines.join("\n")).toContain(expected);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("a package.json with our key in it that would take seconds to find the lines of", async () => {
    const lists = JSON.stringify(Array.from({ length: 200_000 }, (_, index) => `x${index}`));
    const there = world({ "home/project/package.json": `{ "lists": ${lists}, "fcc": { "profile": "demo" } }` });
    expect(await there.errorOf()).toEqual(['package.json:1: the file is larger than 1 MB: move what "fcc" says to a file .fccrc']);
    const without = world({ "home/project/package.json": `{ "lists": ${lists}, "devDependencies": { "fcc": "1" } }` });
    expect(await without.resolve()).toEqual({ nothing: true });
  });

  it("an alias is welcome where it stays small", async () => {
    const there = world({ "home/project/.fccrc": "profiles:\n  a:\n    model: &m ollama/x\n    haiku: *m\nprofile: a\n" });
    expect((await there.profile()).profile.tiers.haiku[0].model).toBe("x");
  });
});
