import { accessSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { claude } from "../../src/clients/claude.ts";
import type { Client } from "../../src/clients/client.ts";
import { codex } from "../../src/clients/codex.ts";
import { clients } from "../../src/clients/index.ts";
import { findClient } from "../../src/launch/find.ts";
import { installClient } from "../../src/launch/install.ts";
import { thisMachine } from "../../src/launch/machine.ts";
import { folderOfEachTest } from "../support/folder.ts";

vi.mock("node:fs", async (actual) => {
  const fs = await actual<typeof import("node:fs")>();
  return { ...fs, accessSync: vi.fn(fs.accessSync) };
});

const machine = { platform: "linux", arch: "x64", musl: false };
const base = folderOfEachTest();

function program(path: string, text = "#!/bin/sh\necho 1.0\n", mode = 0o755): string {
  mkdirSync(dirname(join(base(), path)), { recursive: true });
  writeFileSync(join(base(), path), text, { mode });
  return join(base(), path);
}
const find = (path: readonly string[], client: Client = claude) =>
  findClient(client, {
    env: { PATH: path.map((folder) => join(base(), folder)).join(":") },
    home: join(base(), "home"),
    machine,
    data: join(base(), "data"),
  });

describe("where a client is found", () => {
  it("not behind a home that is no folder", () => {
    const home = program("home", "");
    for (const client of clients) expect(() => findClient(client, { env: {}, home, machine, data: join(home, "data") })).not.toThrow();
  });

  it("first on PATH, in its order", () => {
    program("b/claude");
    const path = program("a/claude");
    program("home/.local/bin/claude");
    expect(find(["none", "a", "b"])).toEqual({ path, before: [] });
  });

  it("on Windows by its endings, programs before npm's shims, and never the shim for other shells", () => {
    const windows = (env: Record<string, string>) =>
      findClient(claude, {
        env,
        home: join(base(), "home"),
        machine: { platform: "win32", arch: "x64", musl: false },
        data: join(base(), "data"),
      });
    program("npm/claude");
    expect(windows({ Path: join(base(), "npm") })).toBeUndefined();
    const shim = program("npm/claude.cmd");
    expect(windows({ Path: `${join(base(), "none")};${join(base(), "npm")}` })?.path).toBe(shim);
    const own = program("own/claude.exe");
    expect(windows({ PATH: `${join(base(), "own")};${join(base(), "npm")}` })?.path).toBe(own);
    program("both/claude.cmd");
    const first = program("both/claude.exe");
    expect(windows({ path: join(base(), "both") })?.path).toBe(first);
  });

  it.each([
    ["npm", "npm/node_modules"],
    ["project/node_modules/.bin", "project/node_modules"],
  ])("on Windows behind npm's shim in %s: the native program, without cmd.exe between", (folder, modules) => {
    program(`${folder}/codex.cmd`);
    const within = (path: string) => program(`${modules}/${path}@openai/codex-win32-x64/vendor/x86_64-pc-windows-msvc/bin/codex.exe`);
    const windows = () =>
      findClient(codex, {
        env: { Path: join(base(), folder) },
        home: join(base(), "home"),
        machine: { platform: "win32", arch: "x64", musl: false },
        data: join(base(), "data"),
      })?.path;
    const hoisted = within("");
    expect(windows()).toBe(hoisted);
    const nested = within("@openai/codex/node_modules/");
    expect(windows()).toBe(nested);
  });

  it("on Windows in no folder of Unix, which anybody may make on a drive there", () => {
    const probed: string[] = [];
    vi.mocked(accessSync).mockImplementation((path) => {
      probed.push(String(path));
      throw new Error("it is not there");
    });
    const found = (platform: string) =>
      findClient(claude, { env: {}, home: join(base(), "home"), machine: { ...machine, platform }, data: join(base(), "data") });
    expect(found("darwin")).toBeUndefined();
    expect(probed).toContain("/opt/homebrew/bin/claude");
    probed.length = 0;
    expect(found("win32")).toBeUndefined();
    expect(probed.filter((path) => !path.startsWith(base()))).toEqual([]);
    vi.mocked(accessSync).mockReset();
  });

  it("not where the name is a folder, or may not be run", () => {
    mkdirSync(join(base(), "a/claude"), { recursive: true });
    program("b/claude", "text", 0o644);
    expect(find(["a", "b"])).toBeUndefined();
  });

  it("then where its own installer puts it", () => {
    const path = program("home/.local/bin/claude");
    expect(find(["a"])).toEqual({ path, before: [] });
  });

  it("then where fcc installed it", () => {
    const path = program(`data/clients/claude-${claude.install.version}/node_modules/@anthropic-ai/claude-code-linux-x64/claude`);
    expect(find([])).toEqual({ path, before: [] });
  });

  it("behind npm's link: the native program, since the stub beside it only complains", () => {
    const native = program("lib/node_modules/@anthropic-ai/claude-code-linux-x64/claude");
    program("lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe");
    mkdirSync(join(base(), "bin"));
    symlinkSync("../lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe", join(base(), "bin/claude"));
    expect(find(["bin"])?.path).toBe(native);
  });

  it("behind npm's link, where the native package lies inside the package", () => {
    const native = program(
      "lib/node_modules/@openai/codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex",
    );
    program("lib/node_modules/@openai/codex/bin/codex.js");
    mkdirSync(join(base(), "bin"));
    symlinkSync("../lib/node_modules/@openai/codex/bin/codex.js", join(base(), "bin/codex"));
    expect(find(["bin"], codex)?.path).toBe(native);
  });

  it("behind npm's link, the link itself where there is no native program", () => {
    program("lib/node_modules/@openai/codex/bin/codex.js");
    mkdirSync(join(base(), "bin"));
    symlinkSync("../lib/node_modules/@openai/codex/bin/codex.js", join(base(), "bin/codex"));
    expect(find(["bin"], codex)?.path).toBe(join(base(), "bin/codex"));
  });
});

it("knows the machine that it runs on", () => {
  expect(thisMachine()).toMatchObject({ platform: process.platform, arch: process.arch });
  expect(typeof thisMachine().musl).toBe("boolean");
});

describe("installing a client", () => {
  const install = async (npm: string) => {
    program("bin/npm", `#!/bin/sh\n${npm}\n`);
    const said: string[] = [];
    const env = { PATH: `${join(base(), "bin")}:/usr/bin:/bin` };
    const result = await installClient(claude, { env, machine, data: join(base(), "data"), say: (line) => said.push(line) });
    return { result, said };
  };
  const makes = (script: string) =>
    `mkdir -p node_modules/@anthropic-ai/claude-code-linux-x64 && printf '${script}' > node_modules/@anthropic-ai/claude-code-linux-x64/claude && chmod +x node_modules/@anthropic-ai/claude-code-linux-x64/claude; echo "$@" > arguments`;

  it("puts the pinned version where it is found afterwards, and says so", async () => {
    const { result, said } = await install(makes("#!/bin/sh\\necho 1\\n"));
    expect(result).toEqual({ program: { path: find([])?.path, before: [] } });
    expect(said[0]).toContain(`Claude Code ${claude.install.version}`);
    expect(said.at(-1)).toMatch(/^installed Claude Code/);
  });

  it.each([
    ["npm fails", "echo 'npm error code E404' >&2; echo 'npm error 404 Not Found' >&2; exit 1", /404 Not Found/],
    [
      "npm reaches nothing",
      "for line in 'code ENOTFOUND' 'syscall getaddrinfo' 'errno ENOTFOUND' 'network request to http://r.example/x failed'; do echo \"npm error $line\" >&2; done; exit 1",
      /npm failed: network request to http:\/\/r\.example\/x failed/,
    ],
    ["npm makes nothing", "true", /does not run/],
    ["what npm made does not run", makes("#!/bin/sh\\nexit 3\\n"), /does not run/],
  ])("leaves nothing behind when %s", async (_name, npm, reason) => {
    const { result } = await install(npm);
    expect(result).toEqual({ error: expect.stringMatching(reason) });
    expect(find([])).toBeUndefined();
  });

  it("says when there is no npm", async () => {
    const result = await installClient(claude, { env: { PATH: base() }, machine, data: join(base(), "data"), say: () => {} });
    expect(result).toEqual({ error: "npm is not on PATH" });
  });

  it("says when there is no build for the machine", async () => {
    const result = await installClient(codex, { env: {}, machine: { ...machine, arch: "s390x" }, data: base(), say: () => {} });
    expect(result).toEqual({ error: "Codex has no build for linux s390x" });
  });
});
