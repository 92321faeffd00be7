import { describe, expect, it } from "vitest";
import { type Adopted, rowAt } from "../../../src/config/adopt/adopted.ts";
import { readAnthropicEnvironment, readClaudeCodeSettings } from "../../../src/config/adopt/anthropic-environment.ts";
import { readClaudeCodeRouter } from "../../../src/config/adopt/claude-code-router.ts";
import { readDotenv, readFreeClaudeCode } from "../../../src/config/adopt/free-claude-code.ts";
import { readOpenCode } from "../../../src/config/adopt/opencode.ts";
import { rows } from "../../../src/providers/index.ts";

it.each([
  ["https://opencode.ai/inference/go/openai/v1/chat/completions", "opencode-go"],
  ["https://opencode.ai/inference/openai/v1/chat/completions", "opencode"],
  ["http://localhost:11434/v1", "ollama"],
  ["http://0.0.0.0:4000", "litellm"],
  ["https://nobody.example/v1", undefined],
  ["no address", undefined],
])("at %s stands %s", (address, id) => {
  expect(rowAt(address, rows)?.id).toBe(id);
});

/** One server of this machine in each tool's words, with a key. */
describe.each<[tool: string, adopt: (key: string) => Adopted | undefined, kept: object]>([
  [
    "claude-code-router's config.json",
    (key) =>
      readClaudeCodeRouter(
        `{"Providers": [{"name": "gateway", "api_base_url": "http://localhost:4000/v1/chat/completions", "api_key": "${key}"}],
          "Router": {"default": "gateway,m"}}`,
        rows,
      ),
    { keys: { litellm: "sk-1234" }, providers: {} },
  ],
  [
    "OpenCode's opencode.json",
    (key) =>
      readOpenCode(
        `{"model": "gateway/m", "provider": {"gateway": {"options": {"baseURL": "http://localhost:4000/v1", "apiKey": "${key}"}}}}`,
        rows,
      ),
    { keys: { litellm: "sk-1234" }, providers: {} },
  ],
  [
    "free-claude-code's .env",
    (key) => readFreeClaudeCode(`MODEL=litellm/m\nLITELLM_API_KEY=${key}\n`, rows),
    { keys: { litellm: "sk-1234" }, providers: {} },
  ],
  [
    "Claude Code's environment, as LiteLLM's documentation has it",
    (key) =>
      readAnthropicEnvironment({ ANTHROPIC_BASE_URL: "http://localhost:4000", ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_MODEL: "m" }, rows),
    { keys: {}, providers: { litellm: { key: { env: "ANTHROPIC_AUTH_TOKEN" } } } },
  ],
])("%s, of a server of this machine", (_tool, adopt, kept) => {
  it("keeps its key", () => {
    expect(adopt("sk-1234")).toMatchObject({ models: { model: ["litellm/m"] }, ...kept });
  });

  it.each(["ollama", "lm-studio", "sk-no-key-required", "EMPTY"])("takes %s for no key: it is a word for a server without one", (word) => {
    expect(adopt(word)).toMatchObject({ models: { model: ["litellm/m"] }, keys: {}, providers: {} });
  });
});

it("of claude-code-router's, a variable is a key's on this machine too", () => {
  const text = `{"Providers": [{"name": "vllm", "api_base_url": "http://localhost:8000/v1/chat/completions", "api_key": "$TEAM_KEY"}],
    "Router": {"default": "vllm,m"}}`;
  expect(readClaudeCodeRouter(text, rows)?.providers).toEqual({ vllm: { key: { env: "TEAM_KEY" } } });
});

describe("claude-code-router's config.json", () => {
  const text = `{
    // its own reader takes JSON5
    "APIKEY": "local",
    "Providers": [
      { "name": "openrouter", "api_base_url": "https://openrouter.ai/api/v1/chat/completions", "api_key": "sk-or-secret-1",
        "models": ["google/gemini-2.5-pro"], "transformer": { "use": ["openrouter"] } },
      { "name": "deepseek", "api_base_url": "https://api.deepseek.com/chat/completions", "api_key": "$DEEPSEEK_API_KEY", "models": ["deepseek-chat"] },
      { "name": "ollama", "api_base_url": "http://localhost:11434/v1/chat/completions", "api_key": "ollama", "models": ["qwen2.5-coder:latest"] },
      { "name": "team", "api_base_url": "https://llm.team.example/v1/chat/completions", "api_key": "\${TEAM_KEY}", "models": ["m"] },
      { "name": "unused", "api_base_url": "https://api.groq.com/openai/v1/chat/completions", "api_key": "gsk-secret-2", "models": ["m"] },
    ],
    "Router": {
      "default": "deepseek,deepseek-chat",
      "background": "ollama,qwen2.5-coder:latest",
      "think": "team,reasoner",
      "longContext": "openrouter,google/gemini-2.5-pro",
      "webSearch": "openrouter,x/y:online",
    },
  }`;

  it("becomes tiers, with its model for long contexts as the alternative", () => {
    expect(readClaudeCodeRouter(text, rows)).toEqual({
      models: {
        model: ["deepseek/deepseek-chat", "openrouter/google/gemini-2.5-pro"],
        haiku: ["ollama/qwen2.5-coder:latest"],
        opus: ["team/reasoner"],
      },
      providers: { team: { speaks: { chat: { baseUrl: "https://llm.team.example/v1/chat/completions" } }, key: { env: "TEAM_KEY" } } },
      keys: { openrouter: "sk-or-secret-1" },
      notices: [expect.stringContaining("Router.webSearch")],
    });
  });

  it("has what it falls back to as alternatives, before its model for long contexts", () => {
    const config = {
      Providers: [
        { name: "ds", api_base_url: "https://api.deepseek.com/chat/completions" },
        { name: "or", api_base_url: "https://openrouter.ai/api/v1/chat/completions" },
      ],
      Router: { default: "ds,a", background: "ds,b", longContext: "or,long" },
      fallback: { default: ["or,c", "ds,a", "nobody,d"], background: ["or,e"], think: "none" },
    };
    expect(readClaudeCodeRouter(JSON.stringify(config), rows)?.models).toEqual({
      model: ["deepseek/a", "openrouter/c", "openrouter/long"],
      haiku: ["deepseek/b", "openrouter/e"],
    });
  });

  it("says which of its settings led requests another way, without what stands there", () => {
    const providers = '"Providers": [{"name": "ollama", "api_base_url": "http://localhost:11434/v1/chat/completions"}]';
    const read = (settings: string) =>
      readClaudeCodeRouter(`{${providers}, "Router": {"default": "ollama,m"}, ${settings}}`, rows)?.notices ?? [];
    const notices = read('"PROXY_URL": "http://me:secret@127.0.0.1:7890", "CUSTOM_ROUTER_PATH": "$HOME/router.js"');
    expect(notices).toEqual([expect.stringContaining("HTTPS_PROXY"), expect.stringContaining("CUSTOM_ROUTER_PATH")]);
    expect(notices.join()).not.toContain("secret");
    expect(read('"PROXY_URL": ""')).toEqual([]);
  });

  it.each([
    ["no JSON at all", "<html>"],
    ["another tool's", '{"models": []}'],
    ["no default route", '{"Providers": [], "Router": {}}'],
    ["a default of no listed provider", '{"Providers": [], "Router": {"default": "x,y"}}'],
    ["a list", "[]"],
  ])("is passed by where it is %s", (_what, other) => {
    expect(readClaudeCodeRouter(other, rows)).toBeUndefined();
  });
});

describe("free-claude-code's .env", () => {
  it("becomes tiers and keys under the providers' names here", () => {
    const text = `
# its own example
NVIDIA_NIM_API_KEY="nvapi-secret"
OPENROUTER_API_KEY=
export LM_STUDIO_BASE_URL="http://gpu-box:1234/v1"
MODEL="nvidia_nim/stepfun-ai/step-3.5-flash" # default
MODEL_OPUS=lmstudio/qwen3
MODEL_HAIKU=nvidia_nim/stepfun-ai/step-3.5-flash
MODEL_SONNET=nobody/x
`;
    expect(readFreeClaudeCode(text, rows)).toEqual({
      models: { model: ["nvidia/stepfun-ai/step-3.5-flash"], opus: ["lmstudio/qwen3"] },
      providers: { lmstudio: { baseUrl: "http://gpu-box:1234/v1" } },
      keys: { nvidia: "nvapi-secret" },
      notices: [expect.stringContaining("MODEL_SONNET")],
    });
  });

  it("has its list of fallbacks as alternatives, in order", () => {
    const text = `MODEL=nvidia_nim/a\nMODEL_OPUS=zai_api/glm-5.3\nMODEL_FALLBACKS="open_router/b, nvidia_nim/a, nobody/c,"\n`;
    expect(readFreeClaudeCode(text, rows)).toMatchObject({
      models: { model: ["nvidia/a", "openrouter/b"], opus: ["zai/glm-5.3", "openrouter/b", "nvidia/a"] },
      notices: [expect.stringContaining("MODEL_FALLBACKS")],
    });
  });

  it.each([
    ["kimi_code/k3", "KIMI_API_KEY=sk-platform-1\nKIMI_CODE_API_KEY=sk-member-1", { "kimi-coding": "sk-member-1" }],
    ["kimi/kimi-k3", "KIMI_API_KEY=sk-platform-1\nKIMI_CODE_API_KEY=sk-member-1", { kimi: "sk-platform-1" }],
    ["huggingface/x/y", "HUGGINGFACE_API_KEY=hf_1", { huggingface: "hf_1" }],
    ["alibaba_cloud/qwen3.8", "ALIBABA_CLOUD_API_KEY=sk-1", { dashscope: "sk-1" }],
    ["openai_api/gpt-6", "OPENAI_API_KEY=sk-1", { openai: "sk-1" }],
  ])("has the key for %s where that tool has it", (model, lines, keys) => {
    expect(readFreeClaudeCode(`MODEL=${model}\n${lines}\n`, rows)?.keys).toEqual(keys);
  });

  it("says that the HTTP proxy of one provider is left out, and not which", () => {
    const text = "MODEL=nvidia_nim/a\nNVIDIA_NIM_PROXY=http://me:secret@box:1\nHTTPS_PROXY=http://box:1\nGROQ_PROXY=\n";
    expect(readFreeClaudeCode(text, rows)?.notices).toEqual(["NVIDIA_NIM_PROXY is left out: set HTTPS_PROXY to it"]);
  });

  it("is passed by where MODEL is another program's", () => {
    expect(readFreeClaudeCode("MODEL=gpt-4\n", rows)).toBeUndefined();
    expect(readFreeClaudeCode("PORT=1\n", rows)).toBeUndefined();
  });

  it.each([
    ["A=b", "b"],
    ["export A = b", "b"],
    ['A="b # c" # d', "b # c"],
    ["A='b'", "b"],
    ["A=b # c", "b"],
    ["A=b#c", "b#c"],
    ["A=", ""],
    ["A=$HOME", "$HOME"],
  ])("reads %s", (line, value) => {
    expect(readDotenv(line).get("A")).toBe(value);
  });
});

describe("the environment that points Claude Code elsewhere", () => {
  it("becomes a provider at that address, whose key is named by its variable", () => {
    expect(
      readAnthropicEnvironment(
        {
          ANTHROPIC_BASE_URL: "https://llm.team.example/anthropic",
          ANTHROPIC_AUTH_TOKEN: "secret",
          ANTHROPIC_MODEL: "big",
          ANTHROPIC_SMALL_FAST_MODEL: "small",
        },
        rows,
      ),
    ).toEqual({
      models: { model: ["llm-team-example/big"], haiku: ["llm-team-example/small"] },
      providers: {
        "llm-team-example": {
          speaks: { messages: { baseUrl: "https://llm.team.example/anthropic" } },
          key: { env: "ANTHROPIC_AUTH_TOKEN" },
        },
      },
      keys: {},
      notices: [],
    });
  });

  it("finds a known provider by its address", () => {
    const env = { ANTHROPIC_BASE_URL: "https://api.deepseek.com/anthropic", ANTHROPIC_AUTH_TOKEN: "k", ANTHROPIC_MODEL: "deepseek-v4" };
    expect(readAnthropicEnvironment(env, rows)).toMatchObject({
      models: { model: ["deepseek/deepseek-v4"] },
      providers: { deepseek: { key: { env: "ANTHROPIC_AUTH_TOKEN" } } },
    });
  });

  it.each([
    ["no address", { ANTHROPIC_MODEL: "m" }],
    ["no model", { ANTHROPIC_BASE_URL: "https://x.example" }],
    ["a launch of fcc's own", { ANTHROPIC_BASE_URL: "http://127.0.0.1:1", ANTHROPIC_MODEL: "m", FCC_URL: "http://127.0.0.1:1" }],
    ["no address but a word", { ANTHROPIC_BASE_URL: "elsewhere", ANTHROPIC_MODEL: "m" }],
  ])("is passed by where there is %s", (_what, env) => {
    expect(readAnthropicEnvironment(env, rows)).toBeUndefined();
  });

  it("never puts a secret where it would be printed or written", () => {
    const env = { ANTHROPIC_BASE_URL: "https://x.example", ANTHROPIC_AUTH_TOKEN: "sk-secret", ANTHROPIC_MODEL: "m" };
    expect(JSON.stringify(readAnthropicEnvironment(env, rows))).not.toContain("sk-secret");
  });
});

describe("Claude Code's settings.json", () => {
  const settings = (value: object) => readClaudeCodeSettings(JSON.stringify(value), rows);

  it("says in its env what the environment would, and has the key itself", () => {
    const env = {
      ANTHROPIC_BASE_URL: "https://api.moonshot.ai/anthropic",
      ANTHROPIC_AUTH_TOKEN: "sk-secret-5",
      ANTHROPIC_MODEL: "kimi-k3",
      ANTHROPIC_DEFAULT_HAIKU_MODEL: "kimi-k2.7-code",
      API_TIMEOUT_MS: 600000,
    };
    expect(settings({ model: "opus", env })).toEqual({
      models: { model: ["kimi/kimi-k3"], haiku: ["kimi/kimi-k2.7-code"] },
      providers: {},
      keys: { kimi: "sk-secret-5" },
      notices: [],
    });
  });

  it("names a server that nobody knows by its address", () => {
    const env = { ANTHROPIC_BASE_URL: "https://llm.team.example/anthropic", ANTHROPIC_API_KEY: "sk-secret-6", ANTHROPIC_MODEL: "big" };
    expect(settings({ env })).toMatchObject({
      providers: { "llm-team-example": { speaks: { messages: { baseUrl: "https://llm.team.example/anthropic" } } } },
      keys: { "llm-team-example": "sk-secret-6" },
    });
  });

  it("says that a command which prints the key is left out", () => {
    const env = { ANTHROPIC_BASE_URL: "https://llm.team.example", ANTHROPIC_MODEL: "big" };
    expect(settings({ apiKeyHelper: "~/bin/key.sh", env })).toMatchObject({
      keys: {},
      notices: [expect.stringContaining("apiKeyHelper")],
    });
  });

  it.each([
    ["no env", {}],
    ["an env that is no map", { env: "ANTHROPIC_MODEL=m" }],
    ["no address", { env: { ANTHROPIC_MODEL: "m" } }],
    ["an address that is no text", { env: { ANTHROPIC_BASE_URL: 1, ANTHROPIC_MODEL: "m" } }],
  ])("is passed by where there is %s", (_what, value) => {
    expect(settings(value)).toBeUndefined();
  });

  it.each(["", "[]", "{", "null"])("is passed by where it is %j", (text) => {
    expect(readClaudeCodeSettings(text, rows)).toBeUndefined();
  });
});

describe("OpenCode's opencode.json", () => {
  it("its models by the providers that it describes and those that it knows, with their keys", () => {
    const text = `{
      // its own reader takes JSONC
      "model": "lab/kimi",
      "small_model": "openrouter/z-ai/glm-5.3",
      "provider": {
        "lab": {
          "npm": "@ai-sdk/anthropic",
          "options": { "baseURL": "https://lab.example/anthropic/v1", "apiKey": "{env:LAB_KEY}" },
          "models": { "kimi": { "id": "Kimi-K3", "name": "Kimi" } },
        },
        "openrouter": { "options": { "apiKey": "sk-or-1" } },
      },
    }`;
    expect(readOpenCode(text, rows)).toEqual({
      models: { model: ["lab/Kimi-K3"], haiku: ["openrouter/z-ai/glm-5.3"] },
      providers: { lab: { speaks: { messages: { baseUrl: "https://lab.example/anthropic/v1" } }, key: { env: "LAB_KEY" } } },
      keys: { openrouter: "sk-or-1" },
      notices: [],
    });
  });

  it.each([
    [
      "its own name for a server's address",
      '{"model":"mine/m","provider":{"mine":{"options":{"baseURL":"http://127.0.0.1:11434/v1"}}}}',
      "ollama/m",
    ],
    ["a provider that fcc knows", '{"model":"anthropic/claude-sonnet-5-5"}', "anthropic/claude-sonnet-5-5"],
    ["a key in a file", '{"model":"openai/gpt-6","provider":{"openai":{"options":{"apiKey":"{file:~/.key}"}}}}', "openai/gpt-6"],
  ])("%s", (_name, text, model) => {
    expect(readOpenCode(text, rows)).toEqual({ models: { model: [model] }, providers: {}, keys: {}, notices: [] });
  });

  it("a known variable with an address of one's own for its provider, to which the key would not be sent by itself", () => {
    const options = { baseURL: "https://lab.openai.azure.com/openai/v1", apiKey: "{env:AZURE_API_KEY}" };
    expect(readOpenCode(JSON.stringify({ model: "azure/gpt-6", provider: { azure: { options } } }), rows)?.providers).toEqual({
      "azure-openai": { baseUrl: options.baseURL, key: { env: "AZURE_API_KEY" } },
    });
  });

  it("says which model it cannot ask for", () => {
    const text = '{"model":"openai/gpt-6","small_model":"elsewhere/m"}';
    expect(readOpenCode(text, rows)?.notices).toEqual(["elsewhere/m is left out: the address of elsewhere does not stand in the file"]);
  });

  it.each([
    "",
    "[]",
    "{}",
    '{"model":1}',
    '{"model":"m"}',
    '{"model":"elsewhere/m"}',
    '{"model":"toString/m","provider":{"__proto__":{}}}',
  ])("%j is none", (text) => {
    expect(readOpenCode(text, rows)).toBeUndefined();
  });
});
