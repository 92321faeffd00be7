import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { explainLines } from "../../src/config/explain.ts";
import { expandPath, foldersOf, showPath } from "../../src/config/files/paths.ts";
import { isQuiet } from "../../src/config/told.ts";
import { projectFile, systemFile, world } from "./world.ts";

describe("MODEL and its tiers", () => {
  it("are a profile of their own where nothing names one", async () => {
    const { profile } = await world().profile({
      env: { MODEL: "ollama/qwen3:8b", MODEL_OPUS: "ollama/big", MODEL_HAIKU: "llamacpp/small" },
    });
    expect(profile.name).toBe("env");
    expect(profile.main[0].model).toBe("qwen3:8b");
    expect(profile.tiers.opus[0].model).toBe("big");
    expect(profile.tiers.sonnet).toBe(profile.main);
    expect(profile.tiers.haiku[0].provider.id).toBe("llamacpp");
  });

  it.each([
    ["nvidia_nim/z-ai/glm-5", "nvidia", "z-ai/glm-5"],
    ["open_router/deepseek/deepseek-v4:free", "openrouter", "deepseek/deepseek-v4:free"],
    ["mistral_codestral/codestral-latest", "codestral", "codestral-latest"],
    ["lmstudio/qwen", "lmstudio", "qwen"],
    ["opencode_go/kimi", "opencode-go", "kimi"],
  ])("%s", async (written, id, model) => {
    const env = { NVIDIA_API_KEY: "k", OPENROUTER_API_KEY: "k", CODESTRAL_API_KEY: "k", OPENCODE_API_KEY: "k", MODEL: written };
    const { main } = (await world().profile({ env })).profile;
    expect([main[0].provider.id, main[0].model]).toEqual([id, model]);
  });

  it.each(["gpt-6", "unknown/x", "a sentence / with a slash", "/x", "ollama/", "ollama/ x", "constructor/x"])(
    "%j is ignored with one line",
    async (written) => {
      const there = world();
      expect(await there.resolve({ env: { MODEL: written } })).toEqual({ nothing: true });
      expect((await there.loaded({ env: { MODEL: written } })).notices).toEqual([
        "MODEL is ignored: it is not provider/model with a known provider",
      ]);
    },
  );

  it("say nothing where a file names a profile, and give way to it", async () => {
    const there = world({ [projectFile]: "profile: a\nprofiles: { a: ollama/mine }\n" });
    const loaded = await there.loaded({ env: { MODEL: "gpt-6" } });
    expect(loaded.notices).toEqual([]);
    expect((await there.profile({ env: { MODEL: "ollama/other" } })).profile.name).toBe("a");
    expect((await there.profile({ env: { MODEL: "ollama/other", FCC_PROFILE: "env" } })).profile.main[0].model).toBe("other");
  });

  it("give way, with one line, where the system's file locks profiles", async () => {
    const there = world({ [systemFile]: "locked: [profiles]\nprofiles: { a: ollama/mine }\n" });
    const given = { env: { MODEL: "ollama/other" } };
    expect((await there.profile(given)).profile.name).toBe("a");
    expect((await there.loaded(given)).notices).toEqual([expect.stringMatching(/^profiles\.env\.model \(MODEL\) is ignored: locked by /)]);
  });

  it("win where a file defines profiles and names none, and say there too what is ignored", async () => {
    const there = world({ [projectFile]: "profiles: { a: ollama/mine }\n" });
    expect((await there.profile({ env: { MODEL: "ollama/other" } })).profile.name).toBe("env");
    const notices = async (env: Record<string, string>) => (await there.loaded({ env })).notices;
    const ignored = (name: string) => `${name} is ignored: it is not provider/model with a known provider`;
    expect(await notices({ MODEL: "ollama/other", MODEL_HAIKU: "haiku" })).toEqual([ignored("MODEL_HAIKU")]);
    expect(await notices({ MODEL: "gpt-6" })).toEqual([ignored("MODEL")]);
    expect(await notices({ MODEL: "ollama/other", MODEL_OPUS: "x", FCC_PROFILE: "env" })).toEqual([ignored("MODEL_OPUS")]);
  });
});

describe("variables that stand for options", () => {
  const files = { [projectFile]: "profile: a\ntrace: t.jsonl\nprofiles: { a: { model: ollama/a, haiku: ollama/small }, b: ollama/b }\n" };
  it("FCC_PROFILE and FCC_MODEL, and the options over them", async () => {
    const there = world(files);
    expect((await there.profile({ env: { FCC_PROFILE: "b" } })).profile.name).toBe("b");
    expect((await there.profile({ env: { FCC_PROFILE: "b" }, options: { profile: "a" } })).profile.name).toBe("a");
    const { profile } = await there.profile({ env: { FCC_MODEL: "ollama/c" } });
    expect([profile.main[0].model, profile.tiers.sonnet[0].model, profile.tiers.haiku[0].model]).toEqual(["c", "c", "small"]);
    expect((await there.profile({ env: { FCC_MODEL: "ollama/c" }, options: { model: "ollama/d" } })).profile.main[0].model).toBe("d");
    const loaded = await there.loaded({ env: { FCC_MODEL: "ollama/c" } });
    expect(explainLines(loaded, "profiles.a.model").lines).toEqual([
      "profiles.a.model = ollama/c  (FCC_MODEL)",
      "  over ollama/a  (.fccrc:3)",
    ]);
  });

  it("FCC_TRACE, and --trace over it", async () => {
    const there = world(files);
    expect(await there.loaded()).toMatchObject({ record: join(there.project, "t.jsonl") });
    expect(await there.loaded({ env: { FCC_TRACE: "~/x" } })).toMatchObject({ trace: join(there.home, "x") });
    expect(await there.loaded({ env: { FCC_TRACE: "x" }, options: { trace: "y" } })).toMatchObject({ trace: join(there.project, "y") });
  });

  it.each<[quiet: boolean, env: Record<string, string>, options?: { quiet: true }]>([
    [false, {}],
    [true, { FCC_QUIET: "1" }],
    [false, { FCC_QUIET: "0" }],
    [false, { FCC_QUIET: "Off" }],
    [true, { FCC_QUIET: "0" }, { quiet: true }],
  ])("FCC_QUIET, and --quiet over it: %s for %j and %j", (quiet, env, options = undefined) => {
    expect(isQuiet({ env, ...(options && { options }) })).toBe(quiet);
  });

  it("FCC_MODEL without a provider is an error", async () => {
    expect(await world(files).errorOf({ env: { FCC_MODEL: "sonnet" } })).toEqual([
      "FCC_MODEL must be provider/model, such as ollama/qwen3:8b, or a model file that ends with .gguf.",
    ]);
  });
});

describe("base addresses", () => {
  it("OLLAMA_HOST stands over the files and under the options, with its name as the source", async () => {
    const there = world({ [projectFile]: "providers: { ollama: { baseUrl: 'http://gpu.lan:11434' } }\nprofiles: { a: ollama/x }\n" });
    const { provider } = (await there.profile({ env: { OLLAMA_HOST: "0.0.0.0:5" } })).profile.main[0];
    expect([provider.speaks.chat?.baseUrl, provider.source]).toEqual(["http://127.0.0.1:5/v1", "OLLAMA_HOST"]);
  });

  it("one that is none is ignored with a line that does not repeat it", async () => {
    expect((await world().loaded({ env: { OLLAMA_HOST: "http://me:secret@x" } })).notices).toEqual([
      "OLLAMA_HOST is ignored: it is not an address",
    ]);
  });
});

describe("folders", () => {
  it("follow XDG, and pass by what is relative", () => {
    expect(foldersOf({ home: "/h", env: {}, platform: "linux" })).toEqual({
      home: "/h",
      config: "/h/.config/fcc",
      state: "/h/.local/state/fcc",
      data: "/h/.local/share/fcc",
      cache: "/h/.cache/fcc",
      system: "/etc/fcc",
    });
    const env = { XDG_CONFIG_HOME: "/c", XDG_STATE_HOME: "s", XDG_DATA_HOME: "", XDG_CACHE_HOME: "/k" };
    const written = {
      AppData: "C:\\U\\Roaming",
      LocalAppData: "C:\\U\\Local",
      ProgramData: "D:\\ProgramData",
      ProgramFiles: "D:\\Programs",
    };
    expect(foldersOf({ home: "C:\\U", env: written, platform: "win32" })).toMatchObject({
      config: "C:\\U\\Roaming\\fcc",
      cache: "C:\\U\\Local\\fcc\\cache",
      system: "D:\\Programs\\fcc",
    });
    expect(foldersOf({ home: "C:\\U", env: { APPDATA: "Roaming" }, platform: "win32" })).toMatchObject({
      config: "C:\\U\\AppData\\Roaming\\fcc",
      system: "C:\\Program Files\\fcc",
    });
    expect(foldersOf({ home: "/h", env, platform: "darwin" })).toMatchObject({
      config: "/c/fcc",
      state: "/h/.local/state/fcc",
      data: "/h/.local/share/fcc",
      cache: "/k/fcc",
    });
  });

  it.each(["", ".", "home"])("a HOME of %j is no home: the folder of a clone would be", (home) => {
    vi.stubEnv("HOME", home);
    expect(foldersOf({ env: {}, platform: "linux" })).toMatchObject({
      home: userInfo().homedir,
      config: join(userInfo().homedir, ".config/fcc"),
      cache: join(userInfo().homedir, ".cache/fcc"),
    });
    vi.unstubAllEnvs();
  });

  it.each([
    ["/h/p/.fccrc", ".fccrc"],
    ["/h/p/.config/fccrc", ".config/fccrc"],
    ["/h/.fccrc", "~/.fccrc"],
    ["/etc/fcc/config.yaml", "/etc/fcc/config.yaml"],
  ])("%s is shown as %s", (path, shown) => {
    expect(showPath(path, "/h/p", "/h")).toBe(shown);
  });

  it("~ is home, and what is relative starts at the file", () => {
    expect([expandPath("~/a", "/h", "/p"), expandPath("~", "/h", "/p"), expandPath("a", "/h", "/p"), expandPath("/a", "/h", "/p")]).toEqual(
      ["/h/a", "/h", "/p/a", "/a"],
    );
  });
});
