import { describe, expect, it } from "vitest";
import { machineOfEachTest } from "../program/machine.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const machine = machineOfEachTest();
const servers = closedAfterEachTest();

async function serve(answers: Readonly<Record<string, unknown>>): Promise<Upstream> {
  const server = await startUpstream((request, response, incoming) => {
    const answer =
      answers[`${request.path} ${(request.text && (request.json as { model?: string }).model) || ""}`.trim()] ?? answers[request.path];
    return answerJson(answer ?? { error: "not found" }, answer === undefined ? 404 : 200)(request, response, incoming);
  });
  servers.push(server);
  return server;
}

const ollama = (...names: readonly string[]) => ({
  "/api/version": { version: "0.17.4" },
  "/api/tags": { models: names.map((name) => ({ name, model: name, size: 5_000_000 })) },
  "/api/ps": { models: [{ name: names[0], model: names[0], context_length: 32_768 }] },
  "/api/show": { capabilities: ["completion", "tools"], model_info: { "general.architecture": "x", "x.context_length": 131_072 } },
});

const router = {
  "/api/v1/models": {
    data: [
      {
        id: "z-ai/glm-5.3",
        context_length: 1_048_576,
        architecture: { input_modalities: ["text"] },
        pricing: { prompt: "0.0000014", completion: "0.0000044" },
        top_provider: { context_length: 202_752, max_completion_tokens: 131_072 },
        supported_parameters: ["tools", "reasoning"],
      },
      { id: "free/model:free", context_length: 8_000, pricing: { prompt: "0", completion: "0" }, supported_parameters: [] },
    ],
  },
};

const cells = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));

describe("fcc models", () => {
  it("says of a server that refuses a key whose key that is", async () => {
    const server = await startUpstream(answerJson({ error: { message: "Invalid token" } }, 401));
    servers.push(server);
    machine.write(
      "home/.config/fcc/config.yaml",
      `providers:\n  with: { baseUrl: "${server.url}", key: { env: MY_KEY } }\n  without: { baseUrl: "${server.url}" }\n`,
    );
    const { code, stderr } = await machine.fcc(["models"], { MY_KEY: "k-12345678" });
    expect(code).toBe(1);
    expect((await machine.fcc(["models", "--quiet"], { MY_KEY: "k-12345678" })).stderr).toBe(stderr);
    expect(stderr).toContain("Invalid token (the key of MY_KEY)\n");
    expect(stderr).toContain("Invalid token (there is no key: `fcc keys set without` stores one)\n");
  });

  it("shows windows, output limits, abilities, prices, what is loaded, and where each figure was read", async () => {
    const [here, far] = await Promise.all([serve(ollama("qwen3:8b", "llama3.2:3b")), serve(router)]);
    machine.write(
      "home/.config/fcc/config.yaml",
      `providers:\n  ollama: { baseUrl: "${here.url}" }\n  far: { extends: openrouter, baseUrl: "${far.url}/api/v1", key: { env: FAR_KEY } }\nprofiles: { mine: ollama/qwen3:8b, other: far/z-ai/glm-5.3 }\nprofile: mine\n`,
    );
    const { code, stdout, stderr } = await machine.fcc(["models"], { FAR_KEY: "k-12345678" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(cells(stdout)).toEqual([
      ["model", "context", "output", "abilities", "$ per M in/out", "state", "from"],
      ["ollama/qwen3:8b", "32k", "tools", "loaded", "/api/ps"],
      ["ollama/llama3.2:3b", "up to 128k", "tools", "not loaded", "/api/show"],
      [
        "far/z-ai/glm-5.3",
        "198k",
        "128k",
        "tools, reasoning",
        "1.4 / 4.4",
        "context: top_provider.context_length, output: top_provider.max_completion_tokens, price: pricing.prompt",
      ],
      ["far/free/model:free", "8k", "0 / 0", "context: context_length, price: pricing.prompt"],
    ]);
    const listed = JSON.parse((await machine.fcc(["models", "--json"], { FAR_KEY: "k-12345678" })).stdout) as object[];
    expect(listed).toHaveLength(4);
    expect(listed[0]).toMatchObject({ target: "ollama/qwen3:8b", server: "Ollama 0.17.4", context: 32_768, loaded: true, tools: true });
    expect(listed[2]).toMatchObject({ price: { input: 1.4, output: 4.4 }, sources: { price: "pricing.prompt" } });
  });

  it("lists for programs what a name has in it, with nothing that drives a terminal", async () => {
    const name = "safe\u202egnp:8b";
    const box = await serve({ "/v1/models": { data: [{ id: name }] } });
    machine.write("home/.config/fcc/config.yaml", `providers:\n  box: { baseUrl: "${box.url}" }\n`);
    const { stdout } = await machine.fcc(["models", "--json"]);
    expect(stdout).toMatch(/^[\n -~]+$/);
    expect(JSON.parse(stdout)).toMatchObject([{ target: `box/${name}` }]);
  });

  it("says in a line which provider cannot be asked, and lists the others; with --profile those of one", async () => {
    const here = await serve(ollama("qwen3:8b"));
    machine.write(
      "home/.config/fcc/config.yaml",
      `providers: { ollama: { baseUrl: "${here.url}" } }\nprofiles: { mine: ollama/qwen3:8b, other: openrouter/x }\n`,
    );
    const all = await machine.fcc(["models"]);
    expect(all).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("ollama/qwen3:8b"),
      stderr: expect.stringContaining("no key for openrouter"),
    });
    expect(await machine.fcc(["models", "--profile", "mine"])).toMatchObject({ code: 0, stderr: "" });
    expect(await machine.fcc(["models", "--profile", "other"])).toMatchObject({ code: 2, stdout: "" });
  });

  it("says of a provider that nobody knows where it is named, beside the models of the others", async () => {
    const here = await serve(ollama("qwen3:8b"));
    const file = (haiku: string, model: string) =>
      machine.write("home/.config/fcc/config.yaml", `profile: mine\nprofiles:\n  mine:\n    haiku: ${haiku}\n    model: ${model}\n`);
    const slip = (line: number) => `"olama" is not a known provider (~/.config/fcc/config.yaml:${line}). Did you mean "ollama/qwen3:8b"?`;
    file("olama/qwen3:8b", "ollama/qwen3:8b");
    const one = await machine.fcc(["models"], { OLLAMA_HOST: here.url });
    expect(one).toMatchObject({ code: 0, stdout: expect.stringContaining("ollama/qwen3:8b"), stderr: `fcc: ${slip(4)}\n` });
    file("olama/qwen3:8b", "olama/qwen3:8b");
    expect(await machine.fcc(["models"])).toMatchObject({ code: 2, stdout: "", stderr: `fcc: ${slip(5)}\n     ${slip(4)}\n` });
  });

  it("finds the list below a base that was written without the version, or says where it looked", async () => {
    const list = { object: "list", data: [{ id: "m1", max_model_len: 131_072 }] };
    const there = await serve({ "/gw/v1/models": list, "/none/models": { data: [] } });
    const models = (path: string) => {
      machine.write("home/.config/fcc/config.yaml", `providers: { box: { baseUrl: "${there.url}${path}" } }\n`);
      return machine.fcc(["models"]);
    };
    expect((await models("/gw")).stdout).toMatch(/box\/m1 +128k/);
    const nowhere = `there is no list of models at ${there.url}/no/models or ${there.url}/no/v1/models`;
    expect(await models("/no")).toMatchObject({ code: 1, stderr: `fcc: box at ${there.url}: ${nowhere}: not found\n` });
    expect(await models("/none")).toMatchObject({ code: 0, stderr: `fcc  box at ${there.url} lists no models\n` });
  });

  it("asks nobody outside the boundary of the profile that would be used", async () => {
    const far = await serve(router);
    machine.write(
      "home/.config/fcc/config.yaml",
      `providers: { far: { extends: openrouter, baseUrl: "${far.url}", key: { env: K } } }\nprofiles: { mine: { model: demo/demo, boundary: ["10.9.9.0/24"] }, other: far/x }\nprofile: mine\n`,
    );
    const ended = await machine.fcc(["models"], { K: "k-12345678" });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining("demo/demo") });
    expect(far.requests).toEqual([]);
  });

  it("asks no server for model files, on which a launch starts one", async () => {
    const { url } = await serve(ollama("qwen3:8b"));
    machine.write(
      "home/.config/fcc/config.yaml",
      `providers: { ollama: { baseUrl: "${url}" } }\nprofiles: { mine: { model: ./qwen3.gguf, haiku: ollama/qwen3:8b } }\n`,
    );
    const { code, stdout, stderr } = await machine.fcc(["models"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "fcc: gguf has no list: each of its models is a file, on which a launch starts a server\n",
    });
    expect(stdout).toContain("ollama/qwen3:8b");
  });

  it("keeps the names for completion", async () => {
    const here = await serve(ollama("qwen3:8b", "llama3.2:3b"));
    await machine.fcc(["models", "--model", "ollama/qwen3:8b"], { OLLAMA_HOST: here.url });
    const { stdout } = await machine.fcc(["completion", "words", "--", "claude", "--model", ""]);
    expect(stdout.split("\n")).toEqual(expect.arrayContaining(["ollama/qwen3:8b", "ollama/llama3.2:3b"]));
  });
});

describe("a part of a model's name", () => {
  const launch = (model: string, env: Readonly<Record<string, string>>, ...asked: readonly string[]) =>
    machine.fcc(["run", "--model", model, "--", ...(asked.length > 0 ? asked : ["true"])], env);

  it("means the one model that has it", async () => {
    const env = { OLLAMA_HOST: (await serve(ollama("qwen3:8b", "llama3.2:3b"))).url };
    expect(await launch("ollama/qwen3", env)).toMatchObject({ code: 0, stderr: expect.stringContaining("run on ollama/qwen3:8b (") });
    expect(await launch("ollama/LLAMA", env)).toMatchObject({ code: 0, stderr: expect.stringContaining("run on ollama/llama3.2:3b (") });
  });

  it("is an error with the list where several have it, and where none does", async () => {
    const env = { OLLAMA_HOST: (await serve(ollama("qwen3:8b", "qwen3:14b", "llama3.2:3b"))).url };
    expect(await launch("ollama/qwen3", env)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/ollama\/qwen3 could be any of 2 models of ollama: qwen3:8b, qwen3:14b\./),
    });
    expect(await launch("ollama/mistral", env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("qwen3:8b, qwen3:14b, llama3.2:3b"),
    });
    // A whole name is never a part.
    expect(await launch("ollama/qwen3:8b", env)).toMatchObject({ code: 0 });
  });

  it("is understood in a request too", async () => {
    const server = await serve({
      ...ollama("qwen3:8b", "qwen3:14b", "llama3.2:3b"),
      "/v1/chat/completions llama3.2:3b": {
        choices: [{ index: 0, message: { role: "assistant", content: "I am small" }, finish_reason: "stop" }],
      },
    });
    const ask = (model: string) => `
      const answer = await fetch(process.env.FCC_URL + "/v1/messages", { method: "POST", headers: { authorization: "Bearer " + process.env.FCC_TOKEN },
        body: JSON.stringify({ model: ${JSON.stringify(model)}, max_tokens: 9, messages: [{ role: "user", content: "x" }] }) });
      console.log(answer.status, await answer.text());`;
    const node = (model: string) => [process.execPath, "--input-type=module", "-e", ask(model)];
    const env = { OLLAMA_HOST: server.url };
    expect((await launch("ollama/qwen3:8b", env, ...node("ollama/llama"))).stdout).toMatch(/^200 .*I am small/);
    expect((await launch("ollama/qwen3:8b", env, ...node("ollama/qwen3"))).stdout).toMatch(/^404 .*could be any of 2 models.*qwen3:14b/);
  });
});
