import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainLines } from "../../../src/config/explain.ts";
import type { Layer, LayerName } from "../../../src/config/files/layer.ts";
import { mergeLayers } from "../../../src/config/files/layers.ts";
import { isTree, pathName, type Tree } from "../../../src/config/files/tree.ts";
import { growth, notItsSquare } from "../../support/growth.ts";
import { world } from "../world.ts";

const names: readonly LayerName[] = ["built-in", "system", "user", "project", "environment", "options"];
const layer = (name: LayerName, tree: Tree): Layer => ({ name, tree, where: (path) => `${name}:${pathName(path)}` });

/** The law in one line: objects merge by key, everything else replaces. */
function over(lower: unknown, upper: unknown): unknown {
  if (!isTree(lower) || !isTree(upper)) return upper;
  const keys = [...new Set([...Object.keys(lower), ...Object.keys(upper)])];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      !Object.hasOwn(upper, key) ? lower[key] : !Object.hasOwn(lower, key) ? upper[key] : over(lower[key], upper[key]),
    ]),
  );
}

const name = fc.constantFrom("a", "b", "constructor", "with.dot");
const targets = fc.array(fc.record({ target: fc.constantFrom("ollama/x", "openai/y") }), { minLength: 1, maxLength: 2 });
const tree: fc.Arbitrary<Tree> = fc.record(
  {
    profile: name,
    providers: fc.dictionary(
      name,
      fc.record(
        {
          baseUrl: fc.constantFrom("http://a", "http://b"),
          timeout: fc.record({ idle: fc.constantFrom("1s", "2m") }, { requiredKeys: [] }),
        },
        { requiredKeys: [] },
      ),
    ),
    profiles: fc.dictionary(name, fc.record({ model: targets, haiku: targets, warm: fc.boolean() }, { requiredKeys: [] })),
    clients: fc.record(
      { claude: fc.record({ args: fc.array(name), env: fc.dictionary(name, name) }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const withoutPrototypes = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe("layers", () => {
  it("merge by key, later over earlier, whatever stands in them", () => {
    fc.assert(
      fc.property(fc.array(tree, { minLength: 6, maxLength: 6 }), (trees) => {
        const merged = mergeLayers(trees.map((one, index) => layer(names[index] as LayerName, one)));
        const expected = trees.reduce<unknown>(over, {});
        // An empty map says only that the name is there: a map with something in it says that too.
        expect(withoutPrototypes(merged.tree)).toEqual(withoutPrototypes(expected));
      }),
      { numRuns: 1_000 },
    );
  });

  it("give each value the source of the highest layer that set it, and keep every other below it", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.constantFrom("a", "b"), { nil: undefined }), { minLength: 6, maxLength: 6 }), (profiles) => {
        const layers = profiles.map((profile, index) => layer(names[index] as LayerName, profile === undefined ? {} : { profile }));
        const set = profiles.flatMap((profile, index) => (profile === undefined ? [] : [`${names[index]}:profile`]));
        const leaf = mergeLayers(layers).leaves.get("profile");
        expect(leaf === undefined ? [] : [leaf.source, ...leaf.overrode.map(({ source }) => source)]).toEqual(set.reverse());
      }),
    );
  });

  it("costs by the number of profiles, not by its square", { timeout: 120_000 }, () => {
    const profiles = (size: number): Tree =>
      Object.fromEntries(Array.from({ length: size }, (_, at) => [`p${at}`, { model: [{ target: "ollama/x" }] }]));
    const task = (size: number) => {
      const { leaves } = mergeLayers([layer("user", { profiles: profiles(size) }), layer("project", { profiles: profiles(size) })]);
      expect(leaves.size).toBe(size);
    };
    expect(growth(task, 1_500)).toBeLessThan(notItsSquare);
  });

  it("a header from a variable takes the place of one from a file, whole", () => {
    const merged = mergeLayers([
      layer("user", { providers: { a: { headers: { x: { file: "/f" }, y: { value: "1" } } } } }),
      layer("project", { providers: { a: { headers: { x: { env: "X" } } } } }),
    ]);
    expect(merged.settings.providers?.a?.headers).toEqual({ x: { env: "X" }, y: { value: "1" } });
  });

  it("a locked key keeps out what stands below it and above it, and says so", async () => {
    const there = world({
      "etc/config.yaml":
        "locked: [providers.ollama, profile]\nprofile: work\nproviders: { ollama: { baseUrl: 'http://inside:1' } }\nprofiles: { work: ollama/x }\n",
      "home/project/.fccrc":
        "profile: other\nproviders:\n  ollama: { baseUrl: 'http://evil:1' }\n  mine: { extends: vllm, baseUrl: 'http://mine:1' }\nprofiles: { other: ollama/y }\n",
    });
    const loaded = await there.loaded({ env: { OLLAMA_HOST: "elsewhere" } });
    expect(loaded.merged.settings.profile).toBe("work");
    expect(loaded.merged.settings.providers?.ollama?.baseUrl).toBe("http://inside:1");
    expect(loaded.merged.settings.providers?.mine?.baseUrl).toBe("http://mine:1");
    expect(loaded.notices).toEqual([
      expect.stringMatching(/^profile \(\.fccrc:1\) is ignored: locked by .*etc\/config\.yaml:1$/),
      expect.stringMatching(/^providers\.ollama\.baseUrl \(\.fccrc:3\) is ignored: locked by /),
      expect.stringMatching(/^providers\.ollama\.baseUrl \(OLLAMA_HOST\) is ignored: locked by /),
    ]);
    expect(await there.errorOf({ options: { profile: "other" } })).toEqual([
      expect.stringMatching(/^--profile is refused: profile is locked by /),
    ]);
    for (const within of ["providers.ollama.baseUrl", "providers"])
      expect(explainLines(loaded, within).lines).toContainEqual(
        expect.stringMatching(/^providers\.ollama is locked {2}\(.*etc\/config\.yaml:1\)$/),
      );
    expect(explainLines(loaded, "providers.mine.baseUrl").lines?.join()).not.toContain("locked");
  });

  it("locked profiles cannot be gone round by --model", async () => {
    const there = world({ "etc/config.yaml": "locked: [profiles]\nprofile: work\nprofiles: { work: ollama/x }\n" });
    expect((await there.profile()).profile.main[0].model).toBe("x");
    expect(await there.errorOf({ options: { model: "openai/y" } })).toEqual([
      expect.stringMatching(/^--model is refused: profiles is locked by .*config\.yaml:1\.$/),
    ]);
  });

  it("boundaries add up and are never widened", async () => {
    const there = world({
      "etc/config.yaml": "boundary: private\n",
      "home/.config/fcc/config.yaml": "boundary: [10.0.0.0/8, '*.lan']\nprofiles:\n  base: { model: ollama/x, boundary: local }\n",
      "home/project/.fccrc":
        "boundary: [0.0.0.0/0]\nprofile: mine\nprofiles:\n  base: { boundary: private }\n  mine: { extends: base, boundary: ['*.evil.com'] }\n",
    });
    expect((await there.profile()).profile.boundary).toEqual(["private", ["10.0.0.0/8", "*.lan"], ["0.0.0.0/0"], "local", ["*.evil.com"]]);
  });

  it("a locked profile keeps --model out of itself alone", async () => {
    const there = world({ "etc/config.yaml": "locked: [profiles.work]\nprofiles: { work: ollama/x, play: ollama/y }\n" });
    const options = (profile: string) => ({ options: { profile, model: "ollama/z" } });
    expect(await there.errorOf(options("work"))).toEqual([expect.stringMatching(/^--model is refused: profiles\.work is locked by /)]);
    expect((await there.profile(options("play"))).profile.main[0].model).toBe("z");
  });

  it("a locked boundary still lets a project narrow it", async () => {
    const there = world({
      "etc/config.yaml": "locked: [boundary]\nboundary: private\n",
      "home/project/.fccrc": "boundary: local\nprofiles: { a: ollama/x }\n",
    });
    expect((await there.profile()).profile.boundary).toEqual(["private", "local"]);
  });
});

describe("where files are found", () => {
  it.each([
    ".fccrc",
    ".fccrc.json",
    ".fccrc.yaml",
    ".fccrc.yml",
    ".config/fccrc",
    ".config/fccrc.json",
    ".config/fccrc.yaml",
    ".config/fccrc.yml",
  ])("%s", async (name) => {
    const there = world({ [`home/project/${name}`]: '{ "profiles": { "a": "ollama/x" } }' });
    expect((await there.profile({ cwd: there.project })).profile.main[0].model).toBe("x");
  });

  it("the key of package.json, and a package.json without it is passed by", async () => {
    const there = world({
      "home/project/package.json": '{ "name": "fcc", "fcc": { "profiles": { "a": "ollama/x" } } }',
      "home/project/deep/er/package.json": '{ "name": "fcc", "dependencies": { "fcc": "1" } }',
      "home/project/deep/package.json": '{ "fcc" broken',
    });
    expect((await there.profile({ cwd: `${there.project}/deep/er` })).profile.main[0].model).toBe("x");
  });

  it("the nearest counts alone, up to the home folder and no further", async () => {
    const there = world({
      ".fccrc": "profiles: { outside: ollama/outside }\n",
      "home/.fccrc": "profiles: { home: ollama/home }\n",
      "home/project/.fccrc": "profiles: { near: ollama/near }\n",
      "home/project/sub/x": "",
      "home/other/x": "",
    });
    expect((await there.profile({ cwd: `${there.project}/sub` })).profile).toMatchObject({ name: "near" });
    expect((await there.profile({ cwd: `${there.home}/other` })).profile).toMatchObject({ name: "home" });
    expect((await there.resolve({ cwd: there.home, home: `${there.home}/other` })) as unknown).toMatchObject({ profile: { name: "home" } });
  });

  it("stops at home", async () => {
    const there = world({ ".fccrc": "profiles: { outside: ollama/outside }\n" });
    expect(await there.resolve()).toEqual({ nothing: true });
  });

  it.each(["yaml", "yml", "json"])("the user's config.%s under XDG_CONFIG_HOME", async (ending) => {
    const there = world({ [`xdg/fcc/config.${ending}`]: '{ "profiles": { "a": "ollama/x" } }' });
    expect((await there.profile({ env: { XDG_CONFIG_HOME: `${there.root}/xdg` } })).profile.name).toBe("a");
  });

  it("--config and FCC_CONFIG take the place of the project's and the user's, not of the system's", async () => {
    const there = world({
      "etc/config.yaml": "boundary: private\n",
      "home/.config/fcc/config.yaml": "profiles: { user: ollama/user }\n",
      "home/project/.fccrc": "profiles: { project: ollama/project }\n",
      "home/named.conf": "profiles: { named: ollama/named }\n",
    });
    for (const given of [{ options: { config: "../named.conf" } }, { env: { FCC_CONFIG: "~/named.conf" } }]) {
      const { profile } = await there.profile({ ...given, decide: async () => Promise.reject(new Error("must not ask")) });
      expect(profile).toMatchObject({ name: "named", boundary: ["private"] });
    }
    expect(await there.errorOf({ options: { config: "nowhere.yaml" } })).toEqual(["--config: nowhere.yaml cannot be read: no such file."]);
  });

  it("what stands beside the file that is taken is said to count for nothing", async () => {
    const there = world({
      "home/.config/fcc/config.yaml": "profile: demo\n",
      "home/.config/fcc/config.json": '{ "boundary": "local" }',
      "home/project/.fccrc": "",
      "home/project/.fccrc.json": '{ "profile": "demo" }',
      "home/project/.fccrc.yml": "",
      "home/project/.config/fccrc.yaml": "profile: demo\n",
      "home/project/package.json": '{ "name": "fcc" }',
    });
    const { files, notices } = await there.loaded();
    expect(notices).toEqual([
      "~/.config/fcc/config.json is not read: ~/.config/fcc/config.yaml stands beside it and is taken first",
      ".config/fccrc.yaml is not read: .fccrc.json stands beside it and is taken first",
    ]);
    expect(files.map(({ role, label, state }) => [role, label, state]).slice(1)).toEqual([
      ["user", "~/.config/fcc/config.yaml", "read"],
      ["user", "~/.config/fcc/config.json", "not read"],
      ["project", ".fccrc.json", "read"],
      ["project", ".config/fccrc.yaml", "not read"],
    ]);
  });

  it("a merge key of YAML takes over what the map does not say itself, from where that was written", async () => {
    const there = world({
      "home/project/.fccrc.yaml":
        "profiles:\n  a: &a\n    model: ollama/a\n    haiku: ollama/a\n  b: &b { opus: ollama/b, haiku: ollama/b }\n  c:\n    model: ollama/c\n    <<: [*b, *a]\n",
    });
    const { leaves } = (await there.loaded()).merged;
    const said = (key: string) => [leaves.get(`profiles.c.${key}`)?.value, leaves.get(`profiles.c.${key}`)?.source];
    expect(said("model")).toEqual([[{ target: "ollama/c" }], ".fccrc.yaml:7"]);
    expect(said("haiku")).toEqual([[{ target: "ollama/b" }], ".fccrc.yaml:5"]);
    expect(said("opus")).toEqual([[{ target: "ollama/b" }], ".fccrc.yaml:5"]);
  });

  it("a comment, an empty file and an empty section are no mistakes", async () => {
    for (const text of ["", "# nothing yet\n", "providers:\nprofiles:\n"]) {
      expect(await world({ "home/project/.fccrc": text }).resolve()).toEqual({ nothing: true });
    }
  });
});
