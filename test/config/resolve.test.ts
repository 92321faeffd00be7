import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { explainLines, showLines } from "../../src/config/explain.ts";
import { outerBoundary } from "../../src/config/resolve/boundaries.ts";
import { configuredProviders, providerOrigins, resolveProvider } from "../../src/config/resolve/resolve-provider.ts";
import { jsonSchema } from "../../src/config/schema/json-schema.ts";
import { durationOf, sizeOf } from "../../src/config/schema/units.ts";
import { projectFile, systemFile, userFile, world } from "./world.ts";

describe("which profile", () => {
  it("nothing is configured: a value that says so", async () => {
    expect(await world().resolve()).toEqual({ nothing: true });
    expect(await world({ [projectFile]: "providers: { ollama: { baseUrl: 'http://x' } }\n" }).resolve()).toEqual({ nothing: true });
  });

  it("the only one", async () => {
    expect((await world({ [projectFile]: "profiles: { a: ollama/x }\n" }).profile()).profile.name).toBe("a");
  });

  it("one of several must be chosen", async () => {
    expect(await world({ [projectFile]: "profiles:\n  a: ollama/x\n  b: ollama/y\n" }).errorOf()).toEqual([
      "several profiles are defined, and none is chosen: write `profile: <name>`, or use --profile.",
      "defined: demo (built in), a (.fccrc:2), b (.fccrc:3)",
    ]);
  });

  it("demo needs nothing", async () => {
    const { profile } = await world().profile({ options: { profile: "demo" } });
    expect(profile.main[0]).toMatchObject({ model: "demo", provider: { id: "demo", row: { kind: "demo" } } });
  });

  it("another than the one of the launch, by name", async () => {
    const there = world({ [projectFile]: "profile: a\nprofiles: { a: ollama/x, b: ollama/y }\n" });
    expect((await there.profile({ options: { profile: "b" } })).profile.name).toBe("b");
  });
});

describe("--model", () => {
  it("needs no configuration", async () => {
    const { profile, source } = await world().profile({ options: { model: "ollama/qwen3:8b" } });
    expect([profile.main[0].provider.id, profile.main[0].model, profile.tiers.opus[0].model]).toEqual(["ollama", "qwen3:8b", "qwen3:8b"]);
    expect(source).toBe("--model");
  });

  it("names a provider in any case, as in any other spelling", async () => {
    for (const written of ["LMStudio/Qwen", "lm-studio/Qwen", "LM_Studio/Qwen"]) {
      const { profile } = await world().profile({ options: { model: written } });
      expect([profile.main[0].provider.id, profile.main[0].model]).toEqual(["lmstudio", "Qwen"]);
    }
  });

  it.each([
    ["olama/x", '"olama" is not a known provider (--model). Did you mean "ollama/x"?'],
    ["opnerouter/deepseek/v4", '"opnerouter" is not a known provider (--model). Did you mean "openrouter/deepseek/v4"?'],
    ["zzzzzz/x", '"zzzzzz" is not a known provider (--model). `fcc providers` lists them.'],
  ])("%s", async (model, expected) => {
    expect(await world().errorOf({ options: { model } })).toEqual([expected]);
  });

  it.each([
    ["ollama/y", 65_536],
    ["ollama/z", 32_768],
    ["ollama/other", undefined],
  ])("keeps what the profile, or what it extends, says of the target: %s", async (model, context) => {
    const there = world({
      [projectFile]: [
        "profile: b",
        "profiles:",
        "  a: { model: ollama/x, opus: { target: ollama/z, context: 32k } }",
        "  b: { extends: a, model: [ollama/x, { target: ollama/y, context: 64k, maxOutput: 8k }] }",
        "",
      ].join("\n"),
    });
    const { profile } = await there.profile({ options: { model } });
    expect(profile.main.map((target) => [target.model, target.context])).toEqual([[model.slice("ollama/".length), context]]);
  });

  it("does not hide that the profile is not defined", async () => {
    const there = world({ [projectFile]: "profiles: { a: ollama/x }\n" });
    expect((await there.errorOf({ options: { profile: "b", model: "ollama/y" } }))[0]).toBe(
      'profile "b" is not defined. Did you mean "a"?',
    );
  });
});

describe("targets", () => {
  it("an unknown provider says where and what is near, all of them at once", async () => {
    const lines = await world({
      [projectFile]: "profile: a\nprofiles:\n  a:\n    model: olama/x\n    haiku: [ollama/y, gorq/z]\n",
    }).errorOf();
    expect(lines).toEqual([
      '"olama" is not a known provider (.fccrc:4). Did you mean "ollama/x"?',
      '"gorq" is not a known provider (.fccrc:5). Did you mean "groq/z"?',
    ]);
  });

  it("quirks of the target stand over the provider's, over the model's and the row's", async () => {
    const there = world({
      [projectFile]:
        "profile: a\nproviders:\n  mine: { extends: ollama, quirks: { thinkTags: off, maxStops: 2 } }\nprofiles:\n  a: { model: { target: mine/x, quirks: { maxStops: 3 } } }\n",
    });
    const target = (await there.profile()).profile.main[0];
    expect(target.quirks).toMatchObject({ maxStops: 3, thinkTags: "off", forcedTools: "auto" });
    expect(target.provider.quirks).toMatchObject({ maxStops: 2, thinkTags: "off", forcedTools: "auto" });
  });

  it("takes a server for one that understands top_k where the target sets it", async () => {
    const box = "profile: a\nproviders: { box: { baseUrl: http://127.0.0.1:1 } }\nprofiles:\n";
    const target = async (rest: string) => {
      const there = world({ [projectFile]: `${box}  a: { model: { target: box/x, sampling: { topK: 5 }${rest} } }\n` });
      return (await there.profile()).profile.main[0].quirks.topK;
    };
    expect([await target(""), await target(", quirks: { topK: false }")]).toEqual([true, false]);
  });

  it("sizes, durations, sampling, warm and via", async () => {
    const there = world({
      [projectFile]:
        "profile: a\nproviders: { ollama: { via: chat } }\nprofiles:\n  a:\n    model: { target: ollama/x, context: 64k, sampling: { temperature: 0.2, topK: 5 }, behavesAs: claude-sonnet-5-5 }\n    keepAliveAfter: 1m\n    warm: true\n",
    });
    const { profile, warm } = await there.profile();
    expect(profile.main[0]).toMatchObject({ context: 65_536, sampling: { temperature: 0.2, topK: 5 }, behavesAs: "claude-sonnet-5-5" });
    expect([profile.keepAliveAfter, warm]).toEqual([60_000, true]);
    expect(profile.main[0].provider.row.better).toMatchObject({
      messages: { wire: "chat", reason: "via in .fccrc:2" },
      responses: { wire: "chat" },
    });
  });

  it("a wire, a command that leads there, or both", async () => {
    const there = world({
      [projectFile]:
        "profile: a\nproviders:\n  ollama: { via: chat }\n  vllm: { via: { command: [kubectl, port-forward, svc/vllm, ':8000'] } }\n  sglang: { via: { wire: chat, command: [ssh, -L, '{port}:s:1'] } }\nprofiles: { a: [ollama/x, vllm/x, sglang/x] }\n",
    });
    const { profile } = await there.profile();
    expect(
      profile.main.map(({ provider }) => [provider.row.better?.messages?.wire, provider.via?.command[0], provider.via?.source]),
    ).toEqual([
      ["chat", undefined, undefined],
      [undefined, "kubectl", ".fccrc:4"],
      ["chat", "ssh", ".fccrc:5"],
    ]);
    const loaded = await there.loaded();
    expect(showLines(loaded).join("\n")).toMatch(/ollama:\s+via:\s+wire: chat/);
    expect(explainLines(loaded, "providers.vllm.via").lines).toEqual([
      'providers.vllm.via.command = [kubectl, port-forward, svc/vllm, ":8000"]  (.fccrc:4)',
    ]);
  });

  it.each(["{}", "{ command: [] }", "{ command: kubectl }", "{ wire: soap }", "smoke"])("via: %s is refused", async (written) => {
    const there = world({ [projectFile]: `profile: a\nproviders: { ollama: { via: ${written} } }\nprofiles: { a: ollama/x }\n` });
    expect((await there.errorOf())[0]).toMatch(/^\.fccrc:2: providers\.ollama\.via/);
  });

  it.each([
    ["10s", 10_000],
    ["5m", 300_000],
    ["250ms", 250],
    ["1.5h", 5_400_000],
    ["9999h", 2_147_483_647],
  ])("%s", (text, expected) => expect(durationOf(text)).toBe(expected));
  it.each([
    ["131072", 131_072],
    ["128k", 131_072],
    ["1M", 1_048_576],
  ])("%s", (text, expected) => expect(sizeOf(text)).toBe(expected));
});

describe("extends", () => {
  it("takes what is not said, across files, and its own over it", async () => {
    const there = world({
      [userFile]: "profiles:\n  base: { model: ollama/base, haiku: ollama/small, keepAliveAfter: 5s }\n",
      [projectFile]:
        "profile: top\nprofiles:\n  top: { extends: middle, haiku: ollama/tiny }\n  middle: { extends: base, opus: ollama/big }\n",
    });
    const { profile } = await there.profile();
    expect([profile.main[0].model, profile.tiers.haiku[0].model, profile.tiers.opus[0].model, profile.keepAliveAfter]).toEqual([
      "base",
      "tiny",
      "big",
      5_000,
    ]);
  });

  it.each([
    [
      "itself",
      "profile: a\nprofiles:\n  a: { extends: b, model: ollama/x }\n  b: { extends: a }\n",
      'profile "a" extends itself: a, b, a (.fccrc:3).',
    ],
    [
      "what is not there",
      "profile: a\nprofiles:\n  a: { extends: bse, model: ollama/x }\n  base: ollama/y\n",
      'profile "bse" is not defined (.fccrc:3). Did you mean "base"?',
    ],
    [
      "nothing, and has no model",
      "profile: a\nprofiles:\n  a: { haiku: ollama/x }\n",
      'profile "a" has no model (.fccrc:3). Write `model: provider/model` in it.',
    ],
  ])("%s", async (_name, text, expected) => {
    expect((await world({ [projectFile]: text }).errorOf())[0]).toBe(expected);
  });
});

describe("an address alone", () => {
  const speaksAt = async (id: string, written: string) => {
    const there = world({ [projectFile]: `profile: a\nprofiles: { a: ${id}/x }\nproviders:\n  ${id}: ${written}\n` });
    return (await there.profile()).profile.main[0].provider.speaks;
  };
  it.each<[written: string, speaks: object]>([
    ["{ baseUrl: 'http://10.0.0.7:9000' }", { chat: { baseUrl: "http://10.0.0.7:9000/v1" } }],
    ["{ baseUrl: 'http://10.0.0.7:9000/v1/' }", { chat: { baseUrl: "http://10.0.0.7:9000/v1" } }],
    ["{ baseUrl: 'http://10.0.0.7:9000/v1/chat/completions' }", { chat: { baseUrl: "http://10.0.0.7:9000/v1" } }],
    ["{ baseUrl: 'https://gateway.example/team/llm' }", { chat: { baseUrl: "https://gateway.example/team/llm" } }],
    ["{ baseUrl: 'http://10.0.0.7:9000/v1/messages' }", { messages: { baseUrl: "http://10.0.0.7:9000" } }],
    ["{ baseUrl: 'https://gateway.example/anthropic' }", { messages: { baseUrl: "https://gateway.example/anthropic" } }],
    ["{ baseUrl: 'http://10.0.0.7:9000/v1/responses' }", { responses: { baseUrl: "http://10.0.0.7:9000/v1" } }],
    ["{ extends: openai-compatible, baseUrl: 'http://10.0.0.7:9000' }", { chat: { baseUrl: "http://10.0.0.7:9000/v1" } }],
    ["{ speaks: messages, baseUrl: 'http://10.0.0.7:9000' }", { messages: { baseUrl: "http://10.0.0.7:9000" } }],
    [
      "{ extends: azure-openai, key: { env: HOME }, baseUrl: 'https://x.openai.azure.com/openai/deployments/gpt?api-version=2024-10-21' }",
      { chat: { baseUrl: "https://x.openai.azure.com/openai/deployments/gpt?api-version=2024-10-21" } },
    ],
    [
      "{ extends: azure-openai, key: { env: HOME }, baseUrl: 'https://x.openai.azure.com' }",
      { chat: { baseUrl: "https://x.openai.azure.com/openai/v1" }, responses: { baseUrl: "https://x.openai.azure.com/openai/v1" } },
    ],
  ])("%s is enough", async (written, speaks) => {
    const there = world({ [projectFile]: `profile: a\nprofiles: { a: box/x }\nproviders:\n  box: ${written}\n` });
    expect((await there.profile({ env: { HOME: "k-12345678" } })).profile.main[0].provider.speaks).toEqual(speaks);
  });

  it("of a name that is nearly a known server's, or only in another case, is asked about", async () => {
    for (const name of ["olama", "Ollama"])
      await expect(speaksAt(name, "{ baseUrl: 'http://10.0.0.7:9000' }")).rejects.toThrow(
        new RegExp(`providers\\.${name} does not say what it speaks.*\n.*extends: ollama`),
      );
    expect(await speaksAt("llm", "{ baseUrl: 'http://10.0.0.7:9000' }")).toHaveProperty("chat");
  });

  it.each(["vertex_ai", "aws_bedrock", "azure_openai", "kimi_code"])(
    "of a known server's other spelling is one of its own: %s",
    async (name) => {
      expect(await speaksAt(name, "{ baseUrl: 'http://10.0.0.7:9000' }")).toHaveProperty("chat");
    },
  );
});

describe("providers", () => {
  const use = (providers: string) => world({ [projectFile]: `profile: a\nprofiles: { a: mine/x }\nproviders:\n  mine: ${providers}\n` });
  it.each([
    [
      "of an unknown kind",
      "{ extends: vlm, baseUrl: 'http://x' }",
      'providers.mine extends "vlm", which is not a known provider (.fccrc:4). Did you mean "vllm"?',
    ],
    [
      "of a kind that is a provider of one's own",
      "{ extends: other, baseUrl: 'http://x' }\n  other: { baseUrl: 'http://y' }",
      'providers.mine extends "other", which is not a known provider (.fccrc:4). `fcc providers` lists them.',
    ],
    ["without an address", "{ quirks: {} }", "providers.mine names no address (.fccrc:4)."],
    [
      "whose certificate is not there",
      "{ extends: vllm, tls: { ca: ./no.pem } }",
      /^providers\.mine\.tls\.ca: .*no\.pem cannot be read: no such file \(\.fccrc:4\)\.$/,
    ],
    ["whose authority has no end", "{ extends: vllm, tls: { ca: /dev/zero } }", /cannot be read: it is longer than 1048576 bytes/],
    ["whose certificate is none", "{ extends: vllm, tls: { ca: .fccrc } }", /is no PEM file/],
    [
      "whose address is each customer's own",
      "{ extends: azure-openai, key: { env: K } }",
      /^Azure OpenAI has an address for each customer: .*providers\.mine\.baseUrl\.$/,
    ],
    [
      "whose header is not there",
      "{ extends: vllm, headers: { x-team: { env: TEAM } } }",
      "no header x-team for mine: TEAM is not set (.fccrc:4).",
    ],
  ])("%s", async (_name, text, expected) => {
    expect((await use(text).errorOf({ env: { K: "k" } }))[0]).toEqual(
      typeof expected === "string" ? expected : expect.stringMatching(expected),
    );
  });

  const from = (id: string, env: Record<string, string>) =>
    world({ [userFile]: `profile: a\nprofiles: { a: ${id}/x }\n` })
      .profile({ env })
      .then(({ profile }) => profile.main[0].provider);
  it.each<[id: string, env: Record<string, string>, speaks: object, source: string]>([
    [
      "bedrock",
      { AWS_BEARER_TOKEN_BEDROCK: "k-12345678", AWS_DEFAULT_REGION: "eu-west-1" },
      {
        chat: { baseUrl: "https://bedrock-mantle.eu-west-1.api.aws/v1" },
        messages: { baseUrl: "https://bedrock-mantle.eu-west-1.api.aws/anthropic" },
        responses: { baseUrl: "https://bedrock-mantle.eu-west-1.api.aws/openai/v1" },
      },
      "AWS_DEFAULT_REGION",
    ],
    [
      "azure",
      { AZURE_API_KEY: "k-12345678", AZURE_OPENAI_RESOURCE_NAME: "acme" },
      { chat: { baseUrl: "https://acme.openai.azure.com/openai/v1" }, responses: { baseUrl: "https://acme.openai.azure.com/openai/v1" } },
      "AZURE_OPENAI_RESOURCE_NAME",
    ],
    [
      "azure",
      { AZURE_API_KEY: "k-12345678", AZURE_OPENAI_RESOURCE_NAME: "acme", AZURE_OPENAI_BASE_URL: "https://b.openai.azure.com" },
      { chat: { baseUrl: "https://b.openai.azure.com/openai/v1" }, responses: { baseUrl: "https://b.openai.azure.com/openai/v1" } },
      "AZURE_OPENAI_BASE_URL",
    ],
    [
      "vertex",
      { VERTEX_AI_ACCESS_TOKEN: "ya29.k-12345678", GOOGLE_CLOUD_PROJECT: "p1", GOOGLE_CLOUD_LOCATION: "us-east5" },
      { chat: { baseUrl: "https://us-east5-aiplatform.googleapis.com/v1/projects/p1/locations/us-east5/endpoints/openapi" } },
      "GOOGLE_CLOUD_LOCATION, GOOGLE_CLOUD_PROJECT",
    ],
    [
      "vertex",
      { VERTEX_AI_ACCESS_TOKEN: "ya29.k-12345678", GOOGLE_CLOUD_PROJECT: "p1", GOOGLE_CLOUD_LOCATION: "global" },
      { chat: { baseUrl: "https://aiplatform.googleapis.com/v1/projects/p1/locations/global/endpoints/openapi" } },
      "GOOGLE_CLOUD_LOCATION, GOOGLE_CLOUD_PROJECT",
    ],
    [
      "vertex",
      { VERTEX_AI_ACCESS_TOKEN: "ya29.k-12345678", GOOGLE_CLOUD_PROJECT: "p1", GOOGLE_CLOUD_LOCATION: "eu" },
      { chat: { baseUrl: "https://aiplatform.eu.rep.googleapis.com/v1/projects/p1/locations/eu/endpoints/openapi" } },
      "GOOGLE_CLOUD_LOCATION, GOOGLE_CLOUD_PROJECT",
    ],
  ])("whose address has parts that variables say: %s by %j", async (id, env, speaks, source) => {
    const provider = await from(id, env);
    expect(provider).toMatchObject({ speaks, source });
    expect(provider.keys).toHaveLength(1);
  });

  it.each<[id: string, env: Record<string, string>, says: string]>([
    [
      "bedrock",
      { AWS_BEARER_TOKEN_BEDROCK: "k-12345678" },
      "AWS Bedrock has an address for each region: set AWS_REGION, or write providers.bedrock.baseUrl.",
    ],
    [
      "bedrock",
      { AWS_REGION: "x/../evil", AWS_BEARER_TOKEN_BEDROCK: "k" },
      "AWS Bedrock has an address for each region: set AWS_REGION, or write providers.bedrock.baseUrl.",
    ],
    [
      "vertex",
      { GOOGLE_CLOUD_PROJECT: "p1" },
      "Google Vertex AI has an address for each project: set GOOGLE_CLOUD_LOCATION and GOOGLE_CLOUD_PROJECT, or write providers.vertex.baseUrl.",
    ],
    [
      "vertex",
      { GOOGLE_CLOUD_PROJECT: "p1", GOOGLE_CLOUD_LOCATION: "global" },
      "no key for vertex. Set VERTEX_AI_ACCESS_TOKEN, or write `key: { command: [gcloud, auth, print-access-token] }` in providers.vertex.",
    ],
  ])("whose address lacks a part, or that lacks a key: %s by %j", async (id, env, says) => {
    const there = world({ [userFile]: `profile: a\nprofiles: { a: ${id}/x }\n` });
    expect((await there.errorOf({ env }))[0]).toBe(says);
  });

  it("whose path has parts that nothing says, where a file names only another host", async () => {
    const file = (url: string) => ({
      [userFile]: `providers: { vertex: { baseUrl: "${url}", key: { env: K } } }\nprofile: a\nprofiles: { a: vertex/google/x }\n`,
    });
    expect(await world(file("https://europe-west1-aiplatform.googleapis.com")).errorOf({ env: { K: "k" } })).toEqual([
      "Google Vertex AI has an address for each project: ~/.config/fcc/config.yaml:1 lacks its path, /v1/projects/PROJECT/locations/LOCATION/endpoints/openapi.",
    ]);
    const named = { K: "k", GOOGLE_CLOUD_LOCATION: "europe-west1", GOOGLE_CLOUD_PROJECT: "p1" };
    for (const [url, env] of [
      ["https://europe-west1-aiplatform.googleapis.com", named],
      ["https://gateway.example/vertex", { K: "k" }],
    ] as const)
      expect((await world(file(url)).profile({ env })).profile.main[0].provider.speaks.chat?.baseUrl).toBe(
        env === named ? `${url}/v1/projects/p1/locations/europe-west1/endpoints/openapi` : url,
      );
  });

  it("whose address has parts that variables say, but not over a lock", async () => {
    const env = { AWS_BEARER_TOKEN_BEDROCK: "k-12345678", AWS_REGION: "eu-west-1" };
    const files = (locked: string) => ({ [systemFile]: locked, [userFile]: "profile: a\nprofiles: { a: bedrock/x }\n" });
    for (const locked of ["locked: [providers]\n", "locked: [providers.bedrock]\n"])
      expect((await world(files(locked)).errorOf({ env }))[0]).toMatch(/^AWS Bedrock has an address for each region/);
    const there = world(files("locked: [providers.openai]\n"));
    expect((await there.profile({ env })).profile.main[0].provider.source).toBe("AWS_REGION");
    expect(explainLines(await there.loaded({ env }), "providers.bedrock").lines?.slice(2)).toEqual([
      "providers.bedrock.speaks.responses.baseUrl = https://bedrock-mantle.eu-west-1.api.aws/openai/v1  (AWS_REGION)",
      "providers.bedrock.key = { env: AWS_BEARER_TOKEN_BEDROCK }  (built in)",
    ]);
  });

  it("whose address is each customer's own, where a file below made another kind of it, and the other way round", async () => {
    const files = (below: string, above: string) => ({
      [userFile]: `providers: { azure-openai: { extends: ${below} } }\n`,
      [projectFile]: `profile: a\nprofiles: { a: azure-openai/x }\nproviders: { azure-openai: { extends: ${above}, key: { env: K } } }\n`,
    });
    const env = { K: "k" };
    expect((await world(files("vllm", "azure-openai")).errorOf({ env }))[0]).toMatch(/^Azure OpenAI has an address for each customer/);
    const { provider } = (await world(files("azure-openai", "vllm")).profile({ env })).profile.main[0];
    expect(provider.speaks.chat).toEqual({ baseUrl: "http://127.0.0.1:8000/v1" });
  });

  it.each([
    "{ speaks: chat, baseUrl: 'http://10.0.0.7:9000' }",
    "{ speaks: [chat], baseUrl: 'http://10.0.0.7:9000/v1' }",
    "{ speaks: { chat: 'http://10.0.0.7:9000/v1/' } }",
  ])("by an address alone: %s", async (text) => {
    const { provider } = (await use(text).profile()).profile.main[0];
    expect(provider).toMatchObject({ speaks: { chat: { baseUrl: "http://10.0.0.7:9000/v1" } }, keys: [], row: { kind: "local" } });
    expect(Object.keys(provider.speaks)).toEqual(["chat"]);
  });

  it.each([
    [
      "an address of another server takes none of the row's own along",
      "{ extends: vllm, speaks: { chat: 'http://gpu.lan/v1' } }",
      ["chat"],
    ],
    [
      "one of the same server leaves the others",
      "{ extends: zai, speaks: { chat: 'https://api.z.ai/api/coding/paas/v4' }, key: { env: K } }",
      ["chat", "messages"],
    ],
    ["names without an address are all there is", "{ extends: vllm, speaks: chat, baseUrl: 'http://gpu.lan' }", ["chat"]],
    [
      "a name beside an address",
      "{ extends: vllm, baseUrl: 'http://gpu.lan', speaks: { chat: 'http://gpu.lan/v2', responses: {} } }",
      ["chat", "messages", "responses"],
    ],
  ])("of a known kind, by wires: %s", async (_name, text, wires) => {
    const { provider } = (await use(text).profile({ env: { K: "k" } })).profile.main[0];
    expect(Object.keys(provider.speaks).sort()).toEqual(wires);
  });

  it("that a request may name: the configured ones, those on this machine, and those with a key", async () => {
    const there = world({
      [projectFile]:
        "profile: a\nprofiles: { a: ollama/x }\nproviders:\n  cluster: { extends: vllm, baseUrl: 'http://c.lan' }\n  broken: { quirks: {} }\n",
    });
    const { providers } = (await there.profile({ env: { GROQ_API_KEY: "k" } })).profile;
    expect(Object.keys(providers)).toEqual(expect.arrayContaining(["ollama", "vllm", "cluster", "groq"]));
    expect(Object.keys(providers)).not.toEqual(expect.arrayContaining(["openai"]));
    expect(Object.keys(providers)).not.toEqual(expect.arrayContaining(["broken"]));
    const loaded = await there.loaded();
    expect((await resolveProvider(loaded, "openai")).error?.lines).toEqual([
      "no key for openai. Set OPENAI_API_KEY, or run `fcc keys set openai`.",
    ]);
    expect((await resolveProvider(loaded, "opnai")).error?.lines).toEqual(['"opnai" is not a known provider. Did you mean "openai"?']);
  });

  it("a row's other spelling, where a provider is configured", async () => {
    expect(
      (await world({ [projectFile]: "profiles: { a: open_router/x }\nproviders: { open_router: { quirks: {} } }\n" }).errorOf())[0],
    ).toBe('providers.open_router names no address (.fccrc:2). Did you mean "providers.openrouter"?');
  });

  it("what the command line asks beside profiles: origins for a key, the outer boundary, the providers written", async () => {
    const loaded = await world({
      [projectFile]: "boundary: private\nproviders:\n  cluster: { extends: vllm, baseUrl: 'http://c.lan:80/v1' }\nclients:\n",
    }).loaded();
    expect(providerOrigins(loaded, "cluster")).toEqual({ id: "cluster", origins: ["http://c.lan"] });
    expect(providerOrigins(loaded, "open_router")).toEqual({ id: "openrouter", origins: ["https://openrouter.ai"] });
    expect(providerOrigins(loaded, "CLUSTER")).toEqual({ id: "cluster", origins: ["http://c.lan"] });
    expect(providerOrigins(loaded, "clustr").error?.lines).toEqual(['"clustr" is not a known provider. Did you mean "cluster"?']);
    expect(outerBoundary(loaded)).toEqual({ boundary: ["private"], boundaryWritten: ["boundary (.fccrc:1)"] });
    expect(configuredProviders(loaded)).toEqual(["cluster"]);
  });

  it("a name that every object has is no provider and no profile", async () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      expect((await world().errorOf({ options: { profile: name } }))[0]).toContain(`profile "${name}" is not defined`);
      expect((await world().errorOf({ options: { model: `${name}/x` } }))[0]).toContain(`"${name}" is not a known provider`);
    }
  });
});

it("each word that a configuration takes is that word in YAML without quotes too", () => {
  const lists = [...JSON.stringify(jsonSchema()).matchAll(/"enum":(\[[^\]]*\])/g)].map(([, list]) => JSON.parse(list ?? ""));
  const words = lists.flat().filter((word) => typeof word === "string");
  expect(words).toContain("trailing");
  expect(words.map((word) => parse(word))).toEqual(words);
});

it("the JSON schema holds short and long forms, and no reference without its definition", () => {
  const schema = JSON.stringify(jsonSchema());
  const references = [...schema.matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)].map(([, name]) => name);
  expect(references.length).toBeGreaterThan(0);
  expect(Object.keys(jsonSchema().$defs as object)).toEqual(expect.arrayContaining([...new Set(references)]));
  expect(schema).toContain('"boundary":{"description"');
  expect(schema).not.toMatch(/"(?:short|instead)":/);
  expect(schema.length).toBeLessThan(20_000);
});
