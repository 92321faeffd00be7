import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { foldersOf } from "../../../src/config/files/paths.ts";
import { providerOrigins, resolveProvider } from "../../../src/config/resolve/resolve-provider.ts";
import { fetchSecret } from "../../../src/config/secrets/secrets.ts";
import { keyFault, listStoredKeys, readStoredKeys, removeStoredKey, setStoredKey } from "../../../src/config/secrets/stored-keys.ts";
import { projectFile, userFile, world } from "../world.ts";

const use = (target: string) => `profile: a\nprofiles: { a: ${target} }\n`;
const path = process.env.PATH ?? "";

describe("where a key comes from", () => {
  it("the documented variable, then the stored key", async () => {
    const there = world({ [projectFile]: use("openrouter/x") });
    expect(await there.errorOf()).toEqual(["no key for openrouter. Set OPENROUTER_API_KEY, or run `fcc keys set openrouter`."]);
    const { folders } = await there.loaded();
    await setStoredKey(folders, "openrouter", "stored-key\n", ["https://openrouter.ai"]);
    expect((await there.profile()).profile.main[0].provider).toMatchObject({ keys: ["stored-key"], keySource: "fcc keys" });
    const resolved = await there.profile({ env: { OPENROUTER_API_KEY: "from-variable" } });
    expect(resolved.profile.main[0].provider).toMatchObject({ keys: ["from-variable"], keySource: "OPENROUTER_API_KEY" });
    expect(resolved.keyVariables).toEqual(["OPENROUTER_API_KEY"]);
  });

  it("the variable of a provider that has no address is one that holds a key, too", async () => {
    const there = world({ [projectFile]: use("openrouter/x") });
    const env = { OPENROUTER_API_KEY: "k-12345678", AZURE_OPENAI_API_KEY: "k-23456789", VERTEX_AI_ACCESS_TOKEN: "k-34567890" };
    const { profile, keyVariables } = await there.profile({ env });
    expect(keyVariables).toEqual(["AZURE_OPENAI_API_KEY", "OPENROUTER_API_KEY", "VERTEX_AI_ACCESS_TOKEN"]);
    expect(Object.keys(profile.providers)).not.toContain("azure-openai");
  });

  it("so is one that a file names for it", async () => {
    const there = world({ [userFile]: "providers: { azure-openai: { key: { env: TEAM_KEY } } }", [projectFile]: use("ollama/x") });
    expect((await there.profile({ env: { TEAM_KEY: "k-12345678" } })).keyVariables).toEqual(["TEAM_KEY"]);
  });

  it("a documented variable that holds no key is told as that", async () => {
    const OPENROUTER_API_KEY = "“sk-or-1”";
    const said = "OPENROUTER_API_KEY holds more than one line, or characters that no header can carry.";
    const there = world({ [projectFile]: use("openrouter/x") });
    expect(await there.errorOf({ env: { OPENROUTER_API_KEY } })).toEqual([`no key for openrouter: ${said}`]);
    const { folders } = await there.loaded();
    await setStoredKey(folders, "openrouter", "stored-key", ["https://openrouter.ai"]);
    const { profile, notices } = await there.profile({ env: { OPENROUTER_API_KEY } });
    expect(profile.main[0].provider.keys).toEqual(["stored-key"]);
    expect(notices).toEqual([`openrouter goes without one of its keys: ${said}`]);
  });

  it.each([
    ['"sk-or-1"', "the key in quotes"],
    ["'sk-or-1'", "the key in quotes"],
    ["bearer sk-or-1", "`Bearer ` before the key, which is sent with it anyway"],
    ["OPENROUTER_API_KEY=sk-or-1", "a variable's name before the key, which is what stands behind the ="],
  ])("one with what was copied along is told as that, wherever it comes from: %s", async (copied, along) => {
    const there = world({ [projectFile]: use("openrouter/x"), "home/key": `${copied}\n` });
    expect(await there.errorOf({ env: { OPENROUTER_API_KEY: copied } })).toEqual([
      `no key for openrouter: OPENROUTER_API_KEY holds ${along}.`,
    ]);
    for (const [source, from] of [
      ["{ env: MINE }", "MINE holds"],
      ["{ file: ~/key }", "~/key holds"],
      ["{ command: [printenv, MINE] }", "the command printenv printed"],
    ]) {
      const named = world({
        [projectFile]: `${use("openrouter/x")}providers: { openrouter: { key: ${source} } }\n`,
        "home/key": `${copied}\n`,
      });
      expect(await named.errorOf({ env: { MINE: copied, PATH: path } })).toEqual([
        expect.stringMatching(`^no key for openrouter: ${from} ${along} \\(`),
      ]);
    }
    // A header says what it is.
    const header = world({
      [projectFile]: `${use("box/x")}providers: { box: { baseUrl: http://box.lan, headers: { x-etag: { env: MINE } } } }\n`,
    });
    expect((await header.profile({ env: { MINE: copied } })).profile.main[0].provider.headers).toMatchObject({ "x-etag": copied });
  });

  it("nowhere: the target is left out where each of its lists has another", async () => {
    const there = world({ [projectFile]: use("{ model: [openrouter/x, demo/demo], haiku: demo/demo }") });
    const { profile, notices } = await there.profile();
    expect(profile.main.map(({ provider }) => provider.id)).toEqual(["demo"]);
    expect(profile.providers).not.toHaveProperty("openrouter");
    expect(notices).toContain("openrouter is left out: no key for openrouter. Set OPENROUTER_API_KEY, or run `fcc keys set openrouter`.");
    const alone = world({ [projectFile]: use("{ model: [openrouter/x, demo/demo], haiku: openrouter/y }") });
    expect(await alone.errorOf()).toEqual([expect.stringContaining("no key for openrouter.")]);
  });

  it("a variable, a file and a command, together", async () => {
    const there = world({
      "home/.secrets/one": "from-file\n",
      [projectFile]: `${use("openai/x")}providers:\n  openai:\n    key: [{ env: ONE }, { file: ~/.secrets/one }, { command: [echo, from-command] }]\n`,
    });
    chmodSync(join(there.home, ".secrets/one"), 0o644);
    const resolved = await there.profile({ env: { ONE: "from-variable", PATH: path } });
    expect(resolved.profile.main[0].provider).toMatchObject({
      keys: ["from-variable", "from-file", "from-command"],
      keySource: "ONE, ~/.secrets/one, the command echo",
    });
    expect(resolved.notices).toEqual(["~/.secrets/one can be read by others: chmod 600 ~/.secrets/one"]);
    chmodSync(join(there.home, ".secrets/one"), 0o600);
    expect((await there.profile({ env: { ONE: "x", PATH: path } })).notices).toEqual([]);
  });

  it("one of several is enough, and the missing one is said", async () => {
    const there = world({ [projectFile]: `${use("openai/x")}providers: { openai: { key: [{ env: ONE }, { env: TWO }] } }\n` });
    const resolved = await there.profile({ env: { TWO: "second" } });
    expect(resolved.profile.main[0].provider.keys).toEqual(["second"]);
    expect(resolved.notices).toEqual(["openai goes without one of its keys: ONE is not set (.fccrc:3)."]);
    expect(await there.errorOf()).toEqual([
      "no key for openai: ONE is not set (.fccrc:3).",
      "no key for openai: TWO is not set (.fccrc:3).",
    ]);
  });

  it("a variable that an agent does not have is told as that where fcc runs in one of its own sessions", async () => {
    const env = { FCC_TOKEN: "of the session around" };
    const named = world({ [projectFile]: `${use("openai/x")}providers: { openai: { key: { env: ONE } } }\n` });
    const why = "in a session of fcc, which keeps keys from its agent";
    expect(await named.errorOf({ env })).toEqual([
      `no key for openai: ONE is not set ${why}: name a file or a command in its place (.fccrc:3).`,
    ]);
    const documented = world({ [projectFile]: use("openrouter/x") });
    expect(await documented.errorOf({ env })).toEqual([
      `no key for openrouter ${why}. Set OPENROUTER_API_KEY, or run \`fcc keys set openrouter\`.`,
    ]);
  });

  it("a file's path starts at the file that names it", async () => {
    const there = world({
      [projectFile]: `${use("openai/x")}providers: { openai: { key: { file: secrets/key } } }\n`,
      "home/project/secrets/key": "k",
      "home/project/deep/x": "",
    });
    expect((await there.profile({ cwd: join(there.project, "deep") })).profile.main[0].provider.keys).toEqual(["k"]);
  });

  it("so does that of a command's program, which a name without a slash has not", async () => {
    const command =
      "providers: { openai: { key: { command: [./key.sh] }, headers: { x-one: { command: [~/one.sh] }, x-two: { command: [echo, ./two] } } } }\n";
    const there = world({ [projectFile]: `${use("openai/x")}${command}`, "home/project/deep/key.sh": "" });
    for (const script of ["project/key.sh", "one.sh"]) {
      there.write(`home/${script}`, `#!/bin/sh\necho from ${script}\n`);
      chmodSync(join(there.home, script), 0o755);
    }
    const { profile } = await there.profile({ cwd: join(there.project, "deep"), env: { PATH: path } });
    expect(profile.main[0].provider).toMatchObject({
      keys: ["from project/key.sh"],
      headers: { "x-one": "from one.sh", "x-two": "./two" },
    });
  });

  it("a command runs in the folder of its file, never in the working folder, which may be a clone", async () => {
    const headers = "headers: { x-team: { command: [pwd] } }";
    const there = world({
      [userFile]: `${use("[openai/x, groq/x]")}providers: { openai: { key: { command: [pwd] }, ${headers} } }\n`,
      [projectFile]: "providers: { groq: { key: { command: [pwd] } } }\n",
      "home/project/deep/x": "",
    });
    const given = { cwd: join(there.project, "deep"), env: { PATH: path } };
    const { profile } = await there.profile(given);
    const own = join(there.home, ".config/fcc");
    expect(profile.main.map(({ provider }) => provider.keys)).toEqual([[own], [there.project]]);
    expect(profile.providers["openai"]?.headers).toMatchObject({ "x-team": own });
    expect(await resolveProvider(await there.loaded(given), "openai", "refresh")).toMatchObject({ provider: { keys: [own] } });
  });

  it("a command runs once a launch, again on refresh, and never for a provider that is not used", async () => {
    const there = world();
    const counter = join(there.root, "count");
    const script = `echo x >> '${counter}'; echo key-$(wc -l < '${counter}')`;
    there.write(
      projectFile,
      `${use("[openai/x, groq/y]")}providers:\n  openai: { key: &k { command: [sh, -c, "${script}"] } }\n  groq: { key: *k }\n  mistral: { key: { command: [sh, -c, "touch '${there.root}/ran'; echo k"] } }\n`,
    );
    const loaded = await there.loaded({ env: { PATH: path } });
    expect(existsSync(counter), "loading runs nothing").toBe(false);
    const first = await resolveProvider(loaded, "openai");
    await resolveProvider(loaded, "groq");
    expect(first).toMatchObject({ provider: { keys: ["key-1"] } });
    expect(readFileSync(counter, "utf8")).toBe("x\n");
    expect(await resolveProvider(loaded, "openai", "refresh")).toMatchObject({ provider: { keys: ["key-2"] } });
    const { profile } = await there.profile({ env: { PATH: path } });
    expect(profile.providers.mistral?.keys).toEqual([]);
    expect(existsSync(join(there.root, "ran"))).toBe(false);
    expect(await resolveProvider(loaded, "mistral")).toMatchObject({ provider: { keys: ["k"] } });
  });

  const context = { env: { PATH: path }, home: "/", cwd: "/" };
  it.each([
    ["is not there", ["no-such-program-anywhere"], "the command no-such-program-anywhere was not found"],
    ["may not be run", ["/etc/passwd"], "the command /etc/passwd cannot be run: permission denied"],
    ["fails", ["sh", "-c", "echo 'not signed in' >&2; exit 3"], "the command sh ended with 3: not signed in"],
    [
      "fails and repeats a key",
      ["sh", "-c", "echo 'denied: access_token=hvs.CAESIJ-planted' >&2; exit 2"],
      "the command sh ended with 2: denied: access_token=[redacted]",
    ],
    ["prints nothing", ["true"], "the command true printed nothing"],
    ["prints several lines", ["printf", "a\\nb"], "the command printf printed more than one line, or characters that no header can carry"],
    ["asks a terminal", ["sh", "-c", "read answer < /dev/tty && echo $answer"], "the command sh ended with"],
    ["reads standard input", ["sh", "-c", "read answer; echo got-$answer"], undefined],
  ])("a command that %s", async (_name, command, fault) => {
    const fetched = await fetchSecret({ command }, context);
    if (fault === undefined) expect(fetched).toMatchObject({ secret: "got-" });
    else expect(fetched.fault).toContain(fault);
  });

  it("a command that hangs is ended with all that it started", async () => {
    const there = world();
    const mark = join(there.root, "late");
    const started = Date.now();
    const fetched = await fetchSecret({ command: ["sh", "-c", `(sleep 1; touch ${mark}) & sleep 30`] }, { ...context, commandTime: 200 });
    expect(fetched.fault).toBe("the command sh took longer than 0.2 s");
    expect(Date.now() - started).toBeLessThan(3_000);
    await new Promise((done) => setTimeout(done, 1_300));
    expect(existsSync(mark)).toBe(false);
  });

  it.each([
    ["missing", undefined, "cannot be read: no such file"],
    ["empty", " \n", "is empty"],
    ["of many lines", "a\nb\n", "holds more than one line"],
  ])("a file that is %s", async (_name, content, fault) => {
    const there = world(content === undefined ? {} : { "home/key": content });
    expect((await fetchSecret({ file: join(there.home, "key") }, { ...context, home: there.home })).fault).toContain(fault);
  });

  it("a file that has no end", async () => {
    expect((await fetchSecret({ file: "/dev/zero" }, context)).fault).toMatch(/dev\/zero cannot be read: it is longer than 65536 bytes$/);
  });
});

describe("a key belongs to the address that it came with", () => {
  const openrouter = { OPENROUTER_API_KEY: "sk-mine" };
  it("a project that moves a provider gets no key, not the variable's, not a file's, not the stored one", async () => {
    const there = world({
      [projectFile]: `${use("openrouter/x")}providers:\n  openrouter: { baseUrl: 'https://evil.example' }\n`,
      "home/k": "file-key",
    });
    const { folders } = await there.loaded();
    await setStoredKey(folders, "openrouter", "stored", ["https://openrouter.ai"]);
    const expected =
      "no key for openrouter: a key belongs to the address that it came with, and .fccrc:4 names another. Write providers.openrouter.key there, or run `fcc keys set openrouter`.";
    expect(await there.errorOf({ env: openrouter })).toEqual([expected]);
    there.write(
      userFile,
      "providers: { openrouter: { key: { file: ~/k }, headers: { x-team: { env: OPENROUTER_API_KEY }, x-plain: hello } } }\n",
    );
    expect(await there.errorOf({ env: openrouter })).toEqual([expected]);
  });

  it("a project that leads to a provider by a command of its own gets none of its keys either", async () => {
    const lead = 'via: { command: [sh, -c, "nc -l {port}"] }';
    const there = world({ [projectFile]: `${use("openrouter/x")}providers: { openrouter: { ${lead} } }\n`, "home/k": "file-key" });
    const { folders } = await there.loaded();
    await setStoredKey(folders, "openrouter", "stored", ["https://openrouter.ai"]);
    const expected = "a key belongs to the address that it came with, and .fccrc:3 names another.";
    expect((await there.errorOf({ env: openrouter }))[0]).toContain(expected);
    there.write(userFile, "providers: { openrouter: { key: { file: ~/k }, headers: { x-team: { env: OPENROUTER_API_KEY } } } }\n");
    expect((await there.errorOf({ env: openrouter }))[0]).toContain(expected);
    // Stored for this very command, it goes there.
    const { origins } = providerOrigins(await there.loaded(), "openrouter") as { origins: readonly string[] };
    expect(origins).toEqual(["https://openrouter.ai by `sh -c 'nc -l {port}'`"]);
    await setStoredKey(folders, "openrouter", "stored", origins);
    expect((await there.profile({ env: openrouter })).profile.main[0].provider.keys).toEqual(["stored"]);
  });

  it("a command leads to the address that it was named with, and to no other", async () => {
    const there = world({
      [userFile]: "providers: { mine: { extends: vllm, baseUrl: http://a.lan, via: { command: [ssh, a] } } }\n",
      [projectFile]: `${use("mine/x")}providers: { mine: { baseUrl: http://b.lan } }\n`,
    });
    expect((await there.profile()).profile.main[0].provider.via).toBeUndefined();
    there.write(projectFile, `${use("mine/x")}providers: { mine: { baseUrl: http://a.lan/deep } }\n`);
    expect((await there.profile()).profile.main[0].provider.via).toEqual({
      command: ["ssh", "a"],
      source: "~/.config/fcc/config.yaml:1",
      folder: join(there.home, ".config/fcc"),
    });
  });

  it("headers that hold a secret stay behind too, plain ones go along", async () => {
    const there = world({
      [userFile]:
        "providers:\n  mine: { speaks: { chat: http://a.lan/v1 }, headers: { x-secret: { env: S }, x-plain: hello }, key: { env: K } }\n",
      [projectFile]: `${use("mine/x")}providers: { mine: { speaks: { chat: http://b.lan/v1 } } }\n`,
    });
    const { profile, notices } = await there.profile({ env: { S: "s", K: "k" } });
    const { provider } = profile.main[0];
    expect(provider.headers).toEqual({ "x-plain": "hello" });
    expect(provider.keys).toEqual([]);
    // Nobody knows whether this server wants one.
    expect(notices).toEqual([
      expect.stringContaining("the key of mine (~/.config/fcc/config.yaml:2) is not sent to http://b.lan: a key belongs to the address"),
    ]);
  });

  it.each([
    ["another path of the same origin", "https://openrouter.ai/other/v1", true],
    ["another port", "https://openrouter.ai:8443/api", false],
    ["another scheme", "http://openrouter.ai/api", false],
    ["another host", "https://openrouter.ai.evil.example/api", false],
  ])("%s", async (_name, baseUrl, kept) => {
    const there = world({ [projectFile]: `${use("openrouter/x")}providers: { openrouter: { baseUrl: "${baseUrl}" } }\n` });
    if (kept) expect((await there.profile({ env: openrouter })).profile.main[0].provider.keys).toEqual(["sk-mine"]);
    else expect((await there.errorOf({ env: openrouter }))[0]).toContain("a key belongs to the address");
  });

  it("a file that moves it and names the key is obeyed, and so is one that extends it in place", async () => {
    const there = world({
      [projectFile]: `${use("[openrouter/x, copy/y]")}providers:\n  openrouter: { baseUrl: 'https://gateway.lan', key: { env: OPENROUTER_API_KEY } }\n  copy: { extends: openrouter }\n`,
    });
    const { main } = (await there.profile({ env: openrouter })).profile;
    expect(main.map(({ provider }) => [provider.keys, provider.speaks.chat?.baseUrl])).toEqual([
      [["sk-mine"], "https://gateway.lan/api/v1"],
      [["sk-mine"], "https://openrouter.ai/api/v1"],
    ]);
  });

  it("an address and a key that both come from the environment belong together", async () => {
    const there = world({ [projectFile]: use("openai/x") });
    const { provider } = (await there.profile({ env: { OPENAI_BASE_URL: "https://gateway.lan/v1", OPENAI_API_KEY: "k" } })).profile.main[0];
    expect([provider.keys, provider.speaks.chat?.baseUrl, provider.source]).toEqual([["k"], "https://gateway.lan/v1", "OPENAI_BASE_URL"]);
  });

  it("an optional key that stays behind is said, since the server may want it", async () => {
    const there = world({ [projectFile]: `${use("vllm/x")}providers: { vllm: { baseUrl: 'http://gpu.lan:8000' } }\n` });
    expect((await there.profile()).notices).toEqual([]);
    const resolved = await there.profile({ env: { VLLM_API_KEY: "k" } });
    expect(resolved.profile.main[0].provider.keys).toEqual([]);
    expect(resolved.notices[0]).toContain("VLLM_API_KEY is not sent to http://gpu.lan:8000: a key belongs to the address");
  });

  it("a stored key goes to the address it was stored for, wherever that was written", async () => {
    const there = world({ [projectFile]: `${use("mine/x")}providers: { mine: { speaks: chat, baseUrl: 'http://gpu.lan' } }\n` });
    const { folders } = await there.loaded();
    await setStoredKey(folders, "mine", "k", ["http://gpu.lan"]);
    expect((await there.profile()).profile.main[0].provider.keys).toEqual(["k"]);
    await setStoredKey(folders, "mine", "k", ["http://old.lan"]);
    const { profile, notices } = await there.profile();
    expect(profile.main[0].provider.keys).toEqual([]);
    expect(notices).toEqual([
      "the stored key of mine is not sent to http://gpu.lan: it was stored for http://old.lan. `fcc keys set mine` stores one anew.",
    ]);
  });
});

describe("stored keys", () => {
  it("are private, listed without values, and removed", async () => {
    const there = world();
    const folders = foldersOf({ home: there.home, env: {} });
    expect(listStoredKeys(folders)).toEqual([]);
    expect(await setStoredKey(folders, "constructor", "a", [])).toBeUndefined();
    expect(await setStoredKey(folders, "openai", "  sk-1\n", ["https://api.openai.com"])).toBeUndefined();
    expect(await setStoredKey(folders, "openai", "a\nb", [])).toBe("the key holds more than one line, or characters that no key has");
    for (const [copied, along] of [
      ['"sk-1"', "the key in quotes"],
      ["'sk-1'", "the key in quotes"],
      ['"sk-1', "characters that no key has"],
      ["Bearer sk-1", "`Bearer ` before the key"],
      ["export OPENAI_API_KEY=sk-1", "a variable's name before the key"],
      ["OPENAI_API_KEY=sk-1", "a variable's name before the key"],
      ['OPENAI_API_KEY="sk-1"', "a variable's name before the key"],
    ] as const)
      expect(await setStoredKey(folders, "openai", copied, [])).toContain(along);
    expect(keyFault("AB_CD==")).toBeUndefined();
    expect(await setStoredKey(folders, "openai", " ", [])).toBe("the key is empty");
    const file = join(folders.data, "keys.json");
    expect([statSync(file).mode & 0o777, statSync(folders.data).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(JSON.stringify(listStoredKeys(folders))).not.toContain("sk-1");
    expect(readStoredKeys(folders).openai?.key).toBe("sk-1");
    expect(await removeStoredKey(folders, "openai")).toBe(true);
    expect(await removeStoredKey(folders, "openai")).toBe(false);
    expect(listStoredKeys(folders)).toEqual([{ provider: "constructor", origins: [] }]);
  });

  it("are not written over where their file was broken by hand: it is named, and nothing of it is quoted", async () => {
    const folders = foldersOf({ home: world().home, env: {} });
    await setStoredKey(folders, "groq", "sk-secret-1", []);
    const file = join(folders.data, "keys.json");
    const broken = readFileSync(file, "utf8").replace('"sk-secret-1",', '"sk-secret-1"');
    writeFileSync(file, broken);
    const refused = await setStoredKey(folders, "openai", "sk-2", []).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "EBADMSG", path: file });
    expect(String(refused)).not.toContain("secret");
    expect(() => readStoredKeys(folders)).toThrow("is no JSON");
    expect(readFileSync(file, "utf8")).toBe(broken);

    // As an editor on Windows saves it.
    writeFileSync(file, `\uFEFF{ "keys": { "groq": { "key": "sk-1", "origins": [] } } }`);
    expect(listStoredKeys(folders)).toEqual([{ provider: "groq", origins: [] }]);

    writeFileSync(file, "");
    expect(await setStoredKey(folders, "openai", "sk-2", [])).toBeUndefined();
    expect(listStoredKeys(folders)).toEqual([{ provider: "openai", origins: [] }]);
  });

  it("end nothing that has a key from elsewhere, or needs none, where their file is broken", async () => {
    const file = "home/.local/share/fcc/keys.json";
    const there = world({ [projectFile]: use("openrouter/x"), [file]: '{ "keys": {{' });
    const unread = { code: "EBADMSG", path: join(there.root, file) };
    const env = { OPENROUTER_API_KEY: "from-variable" };
    expect((await there.profile({ env })).profile.main[0].provider).toMatchObject({ keys: ["from-variable"] });
    await expect(there.resolve()).rejects.toMatchObject(unread);

    const local = world({ [projectFile]: use("ollama/x"), [file]: '{ "keys": {{' });
    const { profile, notices } = await local.profile();
    expect(profile.main[0].provider).toMatchObject({ id: "ollama", keys: [] });
    expect(notices).toEqual([`no stored key is sent: ${join(local.root, file)} cannot be used: it is no JSON`]);
  });

  it("that are stored at once are all kept, and a lock that a killed fcc left is no end", async () => {
    const folders = foldersOf({ home: world().home, env: {} });
    const ids = ["openai", "groq", "mistral", "xai"];
    await Promise.all(ids.map((id) => setStoredKey(folders, id, `key-${id}`, [])));
    expect(
      listStoredKeys(folders)
        .map(({ provider }) => provider)
        .sort(),
    ).toEqual(ids.toSorted());
    const lock = join(folders.data, "keys.json.lock");
    expect(existsSync(lock)).toBe(false);
    writeFileSync(lock, "");
    expect(await removeStoredKey(folders, "groq")).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });
});
