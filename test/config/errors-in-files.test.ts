import { describe, expect, it } from "vitest";
import { plain } from "../../src/config/errors.ts";
import { distance, nearest } from "../../src/route/nearest.ts";
import { projectFile, systemFile, userFile, world } from "./world.ts";

const errorIn = (text: string, name = ".fccrc") => world({ [`home/project/${name}`]: text }).errorOf();

describe("errors of a file", () => {
  it.each([
    [
      "an unknown key, the nearest meant",
      "providers:\n  ollama:\n    baseURL: http://x\n",
      '.fccrc:3: unknown key "baseURL" in providers.ollama. Did you mean "baseUrl"?',
    ],
    [
      "a name from another tool",
      "providers:\n  openai:\n    apiKey: sk-secret\n",
      '.fccrc:3: unknown key "apiKey" in providers.openai. Did you mean "key"?',
    ],
    [
      "UTF-16, read as UTF-8",
      Buffer.from("\ufeffprofile: x\n", "utf16le").toString("utf8"),
      ".fccrc:1: the file is no UTF-8 text: save it as UTF-8",
    ],
    [
      "what a merge took over, where it was written",
      "profiles:\n  b:\n    haiku: ollama/y\n    <<:\n      modl: ollama/x\n",
      '.fccrc:5: unknown key "modl" in profiles.b. Did you mean "model"?',
    ],
    [
      "a merge of something that is no map",
      "profiles:\n  a: &a { <<: { warm: true }, model: ollama/x }\n  b: { haiku: ollama/y,\n    <<: [*a, warm] }\n",
      ".fccrc:4: << takes a map, or a list of maps",
    ],
    ["an unknown key at the top", "profil: x\n", '.fccrc:1: unknown key "profil". Did you mean "profile"?'],
    [
      "another encoding's letters in a value",
      "# f\ufffdr alle\nprofiles:\n  a: ollama/b\ufffdr\n",
      ".fccrc:1: the file is no UTF-8 text: save it as UTF-8",
    ],
    [
      "a wire by a name that no wire has, those that there are",
      "providers:\n  box: { speaks: openai, baseUrl: http://x }\n",
      '.fccrc:2: unknown key "openai" in providers.box.speaks. Known there: chat, messages, responses.',
    ],
    [
      "a duplicate, whose key need not be on its line alone",
      "clients: { claude: {}, codex: {}, claude: {} }\n",
      '.fccrc:1: the key "claude" stands twice',
    ],
    ["an unknown key with nothing near", "profile: x\nzzzzzz: 1\n", '.fccrc:2: unknown key "zzzzzz".'],
    [
      "a key of a long target",
      "profiles:\n  a:\n    model:\n      target: ollama/x\n      contxt: 5\n",
      '.fccrc:5: unknown key "contxt" in profiles.a.model. Did you mean "context"?',
    ],
    [
      "a key of the second alternative",
      "profiles:\n  a:\n    model:\n      - ollama/x\n      - target: ollama/y\n        maxOuput: 5\n",
      '.fccrc:6: unknown key "maxOuput" in profiles.a.model[1]. Did you mean "maxOutput"?',
    ],
    ["a target without a provider", "profiles:\n  a: { model: qwen }\n", ".fccrc:2: profiles.a.model must be provider/model"],
    [
      "a number for a target",
      "profiles:\n  a: { haiku: 5 }\n",
      ".fccrc:2: profiles.a.haiku must be provider/model, or a map of keys and values",
    ],
    [
      "the second of a list that is a whole profile",
      "profiles:\n  a: [ollama/x, qwen]\n",
      ".fccrc:2: profiles.a[1] must be provider/model",
    ],
    [
      "a number for a profile",
      "profiles:\n  a: 5\n",
      ".fccrc:2: profiles.a must be provider/model, a list of them, or a map of keys and values",
    ],
    [
      "a number for a header",
      "providers:\n  ollama: { headers: { X-A: 5 } }\n",
      ".fccrc:2: providers.ollama.headers.X-A must be text, or a map of keys and values",
    ],
    [
      "a number for a wire",
      "providers:\n  ollama: { speaks: { chat: 5 } }\n",
      ".fccrc:2: providers.ollama.speaks.chat must be an address, or a map of keys and values",
    ],
    [
      "a duration without a unit",
      "providers:\n  ollama: { timeout: { idle: 5 } }\n",
      ".fccrc:2: providers.ollama.timeout.idle must be a duration such as 10s or 5m",
    ],
    [
      "a duration of nothing",
      "providers:\n  ollama: { timeout: { idle: 0s } }\n",
      ".fccrc:2: providers.ollama.timeout.idle must be a duration such as 10s or 5m",
    ],
    [
      "a size that is none",
      "profiles:\n  a: { model: { target: ollama/x, context: big } }\n",
      ".fccrc:2: profiles.a.model.context must be a number of tokens such as 131072 or 128k",
    ],
    [
      "an address without a scheme",
      "providers:\n  ollama: { baseUrl: gpu-box:11434 }\n",
      ".fccrc:2: providers.ollama.baseUrl must be an address that begins with http:// or https://",
    ],
    [
      "a password in an address",
      "providers:\n  ollama: { baseUrl: 'http://me:hunter2@gpu-box' }\n",
      ".fccrc:2: providers.ollama.baseUrl holds a user or password: give it by `key` or `headers`",
    ],
    [
      "two sources for one key",
      "providers:\n  openai: { key: { env: A, file: b } }\n",
      ".fccrc:2: providers.openai.key must name exactly one of env, file and command",
    ],
    [
      "a key's value where its variable's name belongs",
      "providers:\n  openai: { key: { env: sk-secret-value } }\n",
      ".fccrc:2: providers.openai.key.env must be the name of a variable, not its value",
    ],
    [
      "a command as text",
      "providers:\n  openai: { key: { command: op read x } }\n",
      ".fccrc:2: providers.openai.key.command must be a list: the program, then its arguments",
    ],
    [
      "an effort that is none",
      "profiles:\n  a: { model: { target: ollama/x, reasoning: huge } }\n",
      ".fccrc:2: profiles.a.model.reasoning must be one of off, minimal, low, medium, high, xhigh, max",
    ],
    [
      "an address with a fragment",
      'providers:\n  a: { speaks: { chat: "http://h/v1#a" } }\n',
      ".fccrc:2: providers.a.speaks.chat must end with a path: no #",
    ],
    [
      "an address with a query",
      'providers:\n  a: { speaks: { chat: "http://h/v1?x=1" } }\n',
      ".fccrc:2: providers.a.speaks.chat must end with a path: after ? only api-version is taken",
    ],
    [
      "a header that is none",
      'providers:\n  ollama: { headers: { "a b": x } }\n',
      '.fccrc:2: providers.ollama.headers."a b" is not the name of a header',
    ],
    [
      "a number that is too large",
      "profiles:\n  a: { model: { target: ollama/x, sampling: { temperature: 9 } } }\n",
      ".fccrc:2: profiles.a.model.sampling.temperature must be at most 2",
    ],
    ["a key that is a map", "? {a: b}\n: c\n", ".fccrc:1: a key must be a plain name"],
    [
      "an unknown quirk",
      "providers:\n  ollama: { quirks: { thinkTag: off } }\n",
      '.fccrc:2: unknown key "thinkTag" in providers.ollama.quirks. Did you mean "thinkTags"?',
    ],
    ["a NUL in a value", 'clients:\n  run: { env: { X: "a\\0b" } }\n', ".fccrc:2: \\0 can stand in no name and no value"],
    ["a NUL in a list", 'clients:\n  claude:\n    args: [a, "b\\x00"]\n', ".fccrc:3: \\0 can stand in no name and no value"],
    ["a NUL in a name", 'profiles:\n  "a\\0": ollama/x\n', ".fccrc:2: \\0 can stand in no name and no value"],
    [
      "a variable's name with the sign that ends it",
      'clients:\n  run: { env: { "A=B": x } }\n',
      ".fccrc:2: clients.run.env.A=B is no name for a variable",
    ],
    ["a variable without a name", 'clients:\n  run: { env: { "": x } }\n', '.fccrc:2: clients.run.env."" is no name for a variable'],
    [
      "a boundary that is a word",
      "boundary: 7\n",
      ".fccrc:1: boundary must be local, private, or a list of host names, patterns and CIDR blocks",
    ],
    ["a number in a boundary's list", "boundary: [a.lan, 5]\n", ".fccrc:1: boundary[1] must be text"],
    ["a boundary's empty list", "boundary: []\n", ".fccrc:1: boundary names no host"],
    [
      "a boundary's word with a slip in it",
      "boundary: lokal\n",
      '.fccrc:1: boundary is nearly "local": write that, or a host that is called so with a dot at its end',
    ],
    [
      "the same in a list",
      "boundary: [gpu-box, privat]\n",
      '.fccrc:1: boundary[1] is nearly "private": write that, or a host that is called so with a dot at its end',
    ],
    [
      "a boundary in capitals",
      "boundary: LOCAL\n",
      '.fccrc:1: boundary is nearly "local": write that, or a host that is called so with a dot at its end',
    ],
    [
      "a boundary that is false",
      "boundary: false\n",
      ".fccrc:1: boundary must be local, private, or a list of host names, patterns and CIDR blocks",
    ],
    [
      "a boundary that is said to be none",
      "boundary: none\n",
      '.fccrc:1: boundary says "none", which would be a host: for no boundary leave the key out, or end the host\'s name with a dot',
    ],
    [
      "a boundary with a block that is none",
      "boundary: [10.0.0.0/99]\n",
      ".fccrc:1: boundary holds a block that is not CIDR, such as 10.0.0.0/8",
    ],
    ["a boundary's word in a list", "boundary: [private, '*.lan']\n", ".fccrc:1: boundary takes local and private alone, not in a list"],
    [
      "a number where text belongs",
      "clients:\n  claude: { env: { RETRIES: 3 } }\n",
      ".fccrc:2: clients.claude.env.RETRIES must be text: put it in quotes",
    ],
    [
      "arguments for whatever `fcc run` starts",
      "clients: { run: { args: [-v] } }\n",
      ".fccrc:1: clients.run.args belongs to the command behind `fcc run --`",
    ],
    [
      "a window of no tokens",
      "profiles: { p: { model: { target: demo/demo, context: 0 } } }\n",
      ".fccrc:1: profiles.p.model.context must be more than 0",
    ],
    ["locked outside the system's file", "locked: [boundary]\n", ".fccrc:1: locked counts only in the system's file"],
    ["a list at the top", "- profile\n", ".fccrc:1: must be a map of keys and values"],
    [
      "a header that HTTP writes",
      "providers:\n  ollama: { headers: { Host: evil } }\n",
      ".fccrc:2: providers.ollama.headers.Host is a header that fcc writes itself",
    ],
    [
      "a header's value in letters that HTTP has none for",
      "providers:\n  ollama: { headers: { X-Team: 日本 } }\n",
      ".fccrc:2: providers.ollama.headers.X-Team holds more than one line, or characters that no header can carry",
    ],
    [
      "a provider with a slash in its name",
      'providers:\n  "a/b": { extends: vllm }\n',
      ".fccrc:2: providers.a/b is no name for a provider: it holds / or white space",
    ],
  ])("%s", async (_name, text, expected) => {
    expect((await errorIn(text))[0]).toBe(expected);
  });

  it.each(["None", "off", "any", '"false"'])("does not take for a host what means that there is no boundary: %s", async (word) => {
    const said = `.fccrc:1: boundary says "${word.replaceAll('"', "")}", which would be a host: for no boundary leave the key out`;
    expect((await errorIn(`boundary: ${word}\n`))[0]).toContain(said);
  });

  it("refuses a literal key with the ways to do it instead, and never quotes it", async () => {
    const lines = await errorIn("providers:\n  openrouter:\n    key: sk-or-v1-secret\n");
    expect(lines).toEqual([
      ".fccrc:3: providers.openrouter.key: a key does not belong in a configuration file. Write one of",
      "  key: { env: OPENROUTER_API_KEY }",
      "  key: { file: ~/.secrets/openrouter }",
      '  key: { command: [op, read, "op://dev/openrouter"] }',
      "  or store it with `fcc keys set openrouter`",
    ]);
  });

  it.each(["Authorization", "x-api-key", "api-key", "Cookie", "x-goog-api-key", "X-Auth-Token", "x-client-secret"])(
    "refuses a literal in the header %s",
    async (header) => {
      const lines = await errorIn(`providers:\n  ollama:\n    headers:\n      ${header}: Bearer sk-secret\n`);
      expect(lines[0]).toBe(
        `.fccrc:4: providers.ollama.headers.${header}: a credential does not belong in a configuration file. Write one of`,
      );
      expect(lines.join("\n")).not.toContain("sk-secret");
    },
  );

  it("shows all errors of all files at once, with their lines", async () => {
    const there = world({
      "home/.config/fcc/config.yaml": "profile: a\nproviderss: {}\n",
      "home/project/.fccrc.json": '{\n\t"profil": "a",\n\t"profiles": {\n\t\t"a": { "model": "x", "opus": 3 }\n\t}\n}\n',
    });
    expect(await there.errorOf()).toEqual(
      [
        "5 errors in the configuration",
        '~/.config/fcc/config.yaml:2: unknown key "providerss". Did you mean "providers"?',
        '.fccrc.json:2: unknown key "profil". Did you mean "profile"?',
        ".fccrc.json:4: profiles.a.model must be provider/model",
        ".fccrc.json:4: profiles.a.opus must be provider/model, or a map of keys and values",
      ].map((line) => line.replace("5 errors", "4 errors")),
    );
  });

  it("but no more than anybody mends at once, of a clone that is not trusted say", async () => {
    const lines = await errorIn(Array.from({ length: 3000 }, (_, index) => `k${index}: 1\n`).join(""));
    expect(lines).toHaveLength(102);
    expect([lines[0], lines[1], lines[100], lines[101]]).toEqual([
      "3000 errors in the configuration",
      '.fccrc:1: unknown key "k0".',
      '.fccrc:100: unknown key "k99".',
      "and 2900 more",
    ]);
  });

  it("a text in the place of the providers has no names", async () => {
    const there = world({ [userFile]: "providers: xyz\nprofiles:\n  a: { model: x/m }\n" });
    expect((await there.errorOf()).slice(1)).toEqual([
      "~/.config/fcc/config.yaml:1: providers must be a map of keys and values",
      '~/.config/fcc/config.yaml:3: "x" is not a known provider. `fcc providers` lists them.',
    ]);
  });

  it("names that no file defines are among them, in the order of the lines", async () => {
    const there = world({
      [userFile]: "providers:\n  box: { extends: vllmm, baseUrl: 'http://x' }\nprofiles:\n  base: { model: box/x, hiaku: box/y }\n",
      [projectFile]: "profile: a\nprofiles:\n  a: { extends: base, haiku: olama/x }\n  b: { extends: bas, opus: box/z }\n",
    });
    expect(await there.errorOf()).toEqual([
      "4 errors in the configuration",
      '.fccrc:3: "olama" is not a known provider. Did you mean "ollama/x"?',
      '.fccrc:4: profile "bas" is not defined. Did you mean "base"?',
      '~/.config/fcc/config.yaml:2: providers.box extends "vllmm", which is not a known provider. Did you mean "vllm"?',
      '~/.config/fcc/config.yaml:4: unknown key "hiaku" in profiles.base. Did you mean "haiku"?',
    ]);
  });

  it("in a file of one's own are told without the parser's advice to programmers", async () => {
    const there = world({ [userFile]: "profile: a\n---\nprofile: b\n" });
    expect(await there.errorOf()).toEqual(["~/.config/fcc/config.yaml:2: more than one document in the file"]);
  });

  it("those of a file that is not trusted are not, since they would be quoted", async () => {
    const there = world({ [projectFile]: "profiles:\n  a: { extends: secret-value, haiku: secret-value/x, hiaku: 1 }\n" });
    const lines = await there.errorOf({ decide: () => undefined });
    expect(lines).toEqual(['.fccrc:2: unknown key "hiaku" in profiles.a. Did you mean "haiku"?']);
  });

  it.each([
    ["bondary", 'locked names "bondary", which is no key. Did you mean "boundary"?'],
    ["providers.ollama.baseURL", 'locked names "providers.ollama.baseURL", which is no key. Did you mean "baseUrl"?'],
    ["clients.claud", 'locked names "clients.claud", which is no key. Did you mean "claude"?'],
    [".", 'locked names ".", which is no key.'],
  ])("a lock on %s, which would hold nothing", async (name, said) => {
    const there = world({ [systemFile]: `locked: [profile, profiles, boundary, providers.box.key, clients.claude.env.X, "${name}"]\n` });
    expect(await there.errorOf()).toEqual([`${there.system}/config.yaml:1: ${said}`]);
  });

  it.each([
    ["YAML", ".fccrc.yaml", "profile: [a\nproviders: {}\n", /^\.fccrc\.yaml:\d+: not well-formed YAML/],
    ["JSON that is YAML's alone", ".fccrc.json", '{\n "locked": ["a": 1]\n}\n', /^\.fccrc\.json:1: not well-formed JSON/],
    ["an alias without an anchor", ".fccrc", "profile: *x\n", /^\.fccrc:\d+: not well-formed YAML/],
  ])("%s", async (_name, file, text, expected) => {
    expect((await errorIn(text, file))[0]).toMatch(expected);
  });

  it.each([
    ["a comment", '{\n "profile": "a" // mine\n}\n', "2: not well-formed JSON (it has no comments)"],
    ["another comment", '{\n /* mine */ "profile": "a"\n}\n', "2: not well-formed JSON (it has no comments)"],
    ["a comma too many", '{\n "profile": "a",\n\n}\n', "2: not well-formed JSON (a comma too many)"],
    ["one in a list", '{\n "locked": [\n "a,]",\n ]\n}\n', "3: not well-formed JSON (a comma too many)"],
    ["a plain name", '{\n "trace": "\\"",\n profile: "a"\n}\n', "3: not well-formed JSON (text needs double quotes)"],
    ["single quotes", "{\n \"profile\": 'a'\n}\n", "2: not well-formed JSON (text needs double quotes)"],
    ["a sign too many", '{\n "profile": +1\n}\n', "2: not well-formed JSON (nothing begins so there)"],
  ])("JSON with %s, in words that repeat nothing of it", async (_name, text, said) => {
    expect(await errorIn(text, ".fccrc.json")).toEqual([`.fccrc.json:${said}`]);
  });

  it("a value of package.json's key that is no map is told as that key's", async () => {
    expect(await errorIn('{\n  "name": "p",\n  "fcc": "ollama/x"\n}\n', "package.json")).toEqual([
      'package.json:3: "fcc" must be a map of keys and values',
    ]);
  });

  it("a package.json with fcc's key that is no JSON is told, and one that only mentions the word is passed by", async () => {
    const broken = '{\n  "name": "p",\n  "version": "1"\n  "fcc": { "boundary": "local" }\n}\n';
    expect(await errorIn(broken, "package.json")).toEqual([expect.stringMatching(/^package\.json:4: /)]);
    const there = world({
      "home/project/package.json": '{\n  "name": "fcc"\n  "bin": { "fcc": "dist/fcc.js" },\n  "dependencies": { "fcc" : "1" }\n}\n',
    });
    expect((await there.loaded()).files).toContainEqual(expect.objectContaining({ role: "project", state: "absent" }));
  });

  it("positions in package.json are those of package.json", async () => {
    expect(await errorIn('{\n  "name": "p",\n  "fcc": {\n    "profil": "x"\n  }\n}\n', "package.json")).toEqual([
      'package.json:4: unknown key "profil". Did you mean "profile"?',
    ]);
  });

  it("an error drives no terminal", async () => {
    const lines = await errorIn('"evil\\u001b[2J\\u0007": 1\n');
    expect(lines[0]).toBe('.fccrc:1: unknown key "evil".');
    expect(plain("a\u001b]8;;http://x\u0007b\u202Ec\r\n")).toBe("abc");
  });
});

describe("the nearest name", () => {
  it.each([
    ["ollama", "ollama", 0],
    ["olama", "ollama", 1],
    ["ollmaa", "ollama", 1],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
  ])("%j to %j is %i", (from, to, expected) => {
    expect(distance(from, to)).toBe(expected);
    expect(distance(to, from)).toBe(expected);
  });

  it("is none where nothing is near", () => {
    expect(nearest("zebra", ["ollama", "openai"])).toBeUndefined();
    expect(nearest("Open_Router", ["openai", "openrouter"])).toBe("openrouter");
  });
});
