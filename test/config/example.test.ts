import { describe, expect, it } from "vitest";
import { explainLines, pathLines, showLines } from "../../src/config/explain.ts";
import { projectFile, world } from "./world.ts";

const example = `# .fccrc
profile: local-ollama                    # the one used when none is named

providers:                               # only what differs from the built-in rows
  ollama:  { baseUrl: http://gpu-box.lan:11434 }
  cluster:                               # a new name on a known kind of server
    extends: vllm
    baseUrl: https://vllm.team.svc.cluster.local:8000
    key: { env: VLLM_KEY }
  oddball:                               # any server, by configuration alone
    speaks: { chat: { baseUrl: http://10.0.0.7:9000/v1 } }
    timeout: { connect: 10s, firstByte: 10m, idle: 5m }
    tls: { ca: ~/.certs/team.pem }
    headers: { x-tenant: { env: TEAM } }

profiles:
  local-ollama:
    model: ollama/qwen3:8b
    haiku: ollama/llama3.2:3b
    opus: [cluster/qwen3-coder, ollama/qwen3:8b]
  night:
    extends: local-ollama
    model: { target: cluster/glm-5.2, context: 131072, maxOutput: 16384, reasoning: high }
    boundary: private

clients:
  claude: { args: [--permission-mode, plan], env: { CLAUDE_CODE_MAX_RETRIES: "3" } }
`;
const there = () => world({ "home/project/.fccrc": example, "home/.certs/team.pem": "-----BEGIN CERTIFICATE-----\n" });
const env = { VLLM_KEY: "secret-1", TEAM: "blue" };

describe("the configuration of the manual", () => {
  it("resolves its first profile", async () => {
    const { profile, keyVariables } = await there().profile({ env });
    expect(profile.name).toBe("local-ollama");
    expect(profile.main.map(({ provider, model }) => [provider.id, model])).toEqual([["ollama", "qwen3:8b"]]);
    expect(profile.tiers.opus.map(({ provider, model }) => [provider.id, model])).toEqual([
      ["cluster", "qwen3-coder"],
      ["ollama", "qwen3:8b"],
    ]);
    expect(profile.tiers.sonnet).toBe(profile.main);
    expect(profile.tiers.haiku[0].model).toBe("llama3.2:3b");
    expect(profile.main[0].provider.speaks).toEqual({
      chat: { baseUrl: "http://gpu-box.lan:11434/v1" },
      messages: { baseUrl: "http://gpu-box.lan:11434" },
      responses: { baseUrl: "http://gpu-box.lan:11434/v1" },
    });
    expect(profile.main[0].provider.source).toBe(".fccrc:5");
    expect(profile.providers.cluster).toMatchObject({ keys: ["secret-1"], keySource: "VLLM_KEY", source: ".fccrc:8", row: { id: "vllm" } });
    expect(profile.providers.oddball).toMatchObject({
      headers: { "x-tenant": "blue" },
      timeout: { connect: 10_000, firstByte: 600_000, idle: 300_000 },
      tls: { ca: "-----BEGIN CERTIFICATE-----\n" },
      speaks: { chat: { baseUrl: "http://10.0.0.7:9000/v1" } },
    });
    expect(profile.boundary).toBeUndefined();
    expect(profile.keepAliveAfter).toBe(20_000);
    expect(keyVariables).toEqual(["TEAM", "VLLM_KEY"]);
  });

  it("resolves the profile that extends it", async () => {
    const { profile } = await there().profile({ env, options: { profile: "night" } });
    expect(profile.main).toMatchObject([
      { model: "glm-5.2", context: 131_072, maxOutput: 16_384, reasoning: "high", provider: { id: "cluster" } },
    ]);
    expect(profile.tiers.haiku[0].model).toBe("llama3.2:3b");
    expect(profile.boundary).toEqual(["private"]);
  });

  it("names what is defined, and the nearest, for a profile that is not", async () => {
    expect(await there().errorOf({ env, options: { profile: "local-olama" } })).toEqual([
      'profile "local-olama" is not defined. Did you mean "local-ollama"?',
      "defined: demo (built in), local-ollama (.fccrc:17), night (.fccrc:21)",
    ]);
  });

  it("says where a wrong profile was named", async () => {
    expect((await there().errorOf({ env: { ...env, FCC_PROFILE: "nigth" } }))[0]).toBe(
      'profile "nigth" is not defined (FCC_PROFILE). Did you mean "night"?',
    );
  });

  it("says what a key that is not set is called, and where it was named", async () => {
    expect(await there().errorOf({ env: { TEAM: "x", FCC_PROFILE: "night" } })).toEqual([
      "no key for cluster: VLLM_KEY is not set (.fccrc:9).",
    ]);
    // Where it is only an alternative the rest of the profile goes without it.
    const { profile, notices } = await there().profile({ env: { TEAM: "x" } });
    expect(profile.tiers.opus.map(({ provider }) => provider.id)).toEqual(["ollama"]);
    expect(notices).toEqual(["cluster is left out: no key for cluster: VLLM_KEY is not set (.fccrc:9)."]);
  });

  it("is shown, with the source of each value, and reads the same again", async () => {
    const place = there();
    const lines = showLines(await place.loaded({ env }));
    expect(lines).toContainEqual(expect.stringMatching(/^ {4}baseUrl: https:\/\/vllm\.team\.svc\.cluster\.local:8000 +# \.fccrc:8$/));
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^ {4}model: \{ target: cluster\/glm-5\.2, context: 131072, maxOutput: 16384, reasoning: high \} +# \.fccrc:23$/,
      ),
    );
    const again = world({ "home/project/.fccrc": lines.join("\n"), "home/.certs/team.pem": "-----BEGIN CERTIFICATE-----\n" });
    const values = (all: readonly string[]) => all.map((line) => line.replace(/ +# .*$/, "").replace(place.home, again.home));
    expect(values(showLines(await again.loaded({ env })))).toEqual(values(lines));
  });

  it("explains a key, a part, and a slip", async () => {
    const loaded = await there().loaded({ env: { ...env, OLLAMA_HOST: "0.0.0.0" } });
    expect(explainLines(loaded, "providers.ollama.baseUrl")).toEqual({
      lines: ["providers.ollama.baseUrl = http://127.0.0.1:11434  (OLLAMA_HOST)", "  over http://gpu-box.lan:11434  (.fccrc:5)"],
    });
    expect(explainLines(loaded, "profiles.night").lines).toHaveLength(3);
    expect(explainLines(loaded, "profile.night").fault).toContain('nothing sets "profile.night"');
    expect(explainLines(loaded, "provider.ollama.baseUrl").fault).toContain('Did you mean "providers.ollama.baseUrl"?');
    expect(explainLines(loaded, "profiles.local-olama.opus").fault).toContain('Did you mean "profiles.local-ollama.opus"?');
    expect(explainLines(loaded, "profiles.local-ollama.sonnet").fault).toBe('nothing sets "profiles.local-ollama.sonnet".');
    expect(explainLines(loaded, "providers.openrouter.key").lines).toEqual([
      "providers.openrouter.key = { env: OPENROUTER_API_KEY }  (built in)",
    ]);
  });

  it("shows no secret of a client's environment, but how many tokens it may use", async () => {
    const text = 'clients: { claude: { env: { MY_API_KEY: "sk-1", CLAUDE_CODE_MAX_OUTPUT_TOKENS: "32000", API_TOKENS: "t-1,t-2" } } }\n';
    const loaded = await world({ [projectFile]: text }).loaded();
    expect(explainLines(loaded, "clients.claude.env").lines).toEqual([
      'clients.claude.env.MY_API_KEY = "***"  (.fccrc:1)',
      'clients.claude.env.CLAUDE_CODE_MAX_OUTPUT_TOKENS = "32000"  (.fccrc:1)',
      'clients.claude.env.API_TOKENS = "***"  (.fccrc:1)',
    ]);
  });

  it("has its files listed", async () => {
    const place = there();
    const lines = pathLines(await place.loaded({ env }), place.project);
    expect(lines[0]).toMatch(/^system +.*config\.\{yaml,yml,json\} +absent$/);
    expect(lines[1]).toMatch(/^user +~\/\.config\/fcc\/config\.\{yaml,yml,json\} +absent$/);
    expect(lines[2]).toMatch(/^project +\.fccrc +read$/);
  });
});
