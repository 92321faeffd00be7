import { describe, expect, it, onTestFinished } from "vitest";
import { modelServer } from "../support/model-server.ts";
import { answerJson, type Script, startUpstream, type Upstream } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();

/** A client that says which window it was told, asks once and stays for as long as a short session. */
const client = `#!/usr/bin/env node
console.log("told", process.env.CLAUDE_CODE_MAX_CONTEXT_TOKENS, process.argv.filter((arg) => arg.startsWith("--tools")).join());
const { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: token } = process.env;
const body = JSON.stringify({ model: "sonnet", max_tokens: 64, messages: [{ role: "user", content: "hi" }] });
const headers = { authorization: "Bearer " + token, "content-type": "application/json", "anthropic-version": "2023-06-01" };
setTimeout(async () => {
  const answer = await fetch(url + "/v1/messages", { method: "POST", headers, body });
  console.log("answered", answer.status);
  setTimeout(() => {}, 1200);
}, 100);
`;

async function serve(script: Script): Promise<Upstream> {
  const server = await startUpstream(script);
  onTestFinished(() => server.close());
  return server;
}

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const launch = (env: Record<string, string>, model: string) => {
  machine.write("bin/claude", client, 0o755);
  return machine.fcc(["claude", "--model", model], env);
};

it("is what each of two targets says that are one model", async () => {
  const server = await serve(answerJson({ object: "list", data: [{ id: "big", object: "model" }] }));
  machine.write(
    "home/.config/fcc/config.yaml",
    `providers: { box: { baseUrl: "${server.url}" } }
profiles: { p: { model: { target: box/big, context: 65536 }, subagent: { target: box/big, reasoning: off } } }
`,
  );
  machine.write("bin/claude", client, 0o755);
  const { stdout, stderr } = await machine.fcc(["claude"]);
  expect(stdout).toContain("told 65536");
  expect(stderr).toContain("claude on box/big (64k context, ");
});

describe("a server that says its window only after the start", () => {
  const slow = (window: () => number, delay: () => number): Script => {
    return async (request, response, incoming) => {
      if (request.method === "GET") await after(delay());
      return modelServer({ window: window(), models: ["big"], owner: "lab" })(request, response, incoming);
    };
  };

  it("is believed at the next launch, and a word in time counts for more", async () => {
    let [window, delay] = [20_000, 400];
    const server = await serve(
      slow(
        () => window,
        () => delay,
      ),
    );
    machine.write("project/.fccrc", "");
    machine.write(
      "home/.config/fcc/config.yaml",
      `providers:\n  box: { extends: vllm, baseUrl: "${server.url}" }\nprofiles: { p: { model: box/big } }\n`,
    );
    const first = await launch({}, "box/big");
    expect(first.stdout).toContain("told 200000");
    expect(first.stderr).toContain("claude on box/big (context not known, ");
    expect(first.stderr).toMatch(/box\/big has a window of 20k tokens \(max_model_len\), which its server said only after the start/);
    const second = await launch({}, "box/big");
    expect(second.stdout).toContain("told 20000");
    expect(second.stderr).toContain("claude on box/big (20k context, ");
    // What an earlier launch saw stops none.
    window = 4096;
    expect((await launch({}, "box/big")).stdout).toContain("told 20000");
    expect((await launch({}, "box/big")).stdout).toContain("told 4096 --tools=Bash,Edit,Read");
    [window, delay] = [65_536, 0];
    expect((await launch({}, "box/big")).stdout).toContain("told 65536");
  }, 60_000);
});

it("is that of the first alternative that is up, which the line names too", async () => {
  const server = await serve(modelServer({ window: 65_536, models: ["m1"] }));
  const profile = "{ p: { model: [dead/m1, box/m1] } }";
  machine.write(
    "home/.config/fcc/config.yaml",
    `providers:\n  dead: { extends: vllm, baseUrl: "http://127.0.0.1:1" }\n  box: { extends: vllm, baseUrl: "${server.url}" }\nprofiles: ${profile}\n`,
  );
  machine.write("bin/claude", client, 0o755);
  const ended = await machine.fcc(["claude", "--profile", "p"]);
  expect(ended.stdout).toContain("told 65536");
  expect(ended.stderr).toContain("dead/m1 is left out for now");
  expect(ended.stderr).toContain("claude on box/m1 (64k context, ");
}, 30_000);

describe("an Ollama", () => {
  /** With a model that is loaded, which it can load anew with another window. */
  const ollama = (faults: { readonly delay?: number; readonly refuses?: readonly string[]; readonly gives?: number }) => {
    const windows = new Map([["qwen3:8b", 4096]]);
    const chat = modelServer({ models: ["qwen3:8b"] });
    return serve(async (request, response, incoming) => {
      if (request.path.startsWith("/api/")) await after(faults.delay ?? 0);
      if (faults.refuses?.includes(request.path)) {
        response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found");
        return;
      }
      const said = request.path.startsWith("/api/") && request.text !== "" ? (request.json as Record<string, never>) : {};
      const list = [...windows].map(([name, context_length]) => ({ name, model: name, context_length }));
      const { num_ctx } = (said["options"] ?? said["parameters"] ?? {}) as { num_ctx?: number };
      if (num_ctx !== undefined && said["model"] !== undefined) windows.set(said["model"], num_ctx);
      const answers: Readonly<Record<string, unknown>> = {
        "/api/version": { version: "0.17.4" },
        "/api/tags": { models: [{ name: "qwen3:8b", model: "qwen3:8b" }] },
        "/api/ps": { models: list },
        "/api/show": { capabilities: ["completion", "tools"], model_info: { "general.architecture": "q", "q.context_length": 262_144 } },
        "/api/generate": { done: true },
        "/api/create": { status: "success" },
        "/api/delete": {},
      };
      const answer = answers[request.path];
      if (answer !== undefined) return answerJson(answer)(request, response, incoming);
      if (request.path === "/v1/chat/completions" || request.path === "/v1/messages") {
        const copy = (request.json as { model: string }).model;
        if (faults.gives !== undefined) windows.set(copy, faults.gives);
        return modelServer({ models: [copy] })(request, response, incoming);
      }
      return chat(request, response, incoming);
    });
  };
  const paths = (server: Upstream) => server.requests.map(({ method, path }) => `${method} ${path}`);

  it("that is slow to say what it has gets the larger window before the client's first question", async () => {
    const server = await ollama({ delay: 500 });
    const first = await launch({ OLLAMA_HOST: server.url }, "ollama/qwen3:8b");
    expect(first.stdout).toContain("told 200000");
    expect(first.stdout).toContain("answered 200");
    expect(first.stderr).toContain("(context not known, ");
    const asked = paths(server);
    expect(asked.indexOf("POST /api/create")).toBeLessThan(asked.findIndex((path) => path.includes("/v1/")));
    expect(server.requests.find(({ path }) => path === "/v1/chat/completions")?.text).toMatch(/"model":"fcc\/qwen3:8b-65536-/);
    expect(asked.slice(asked.findIndex((path) => path.includes("/v1/"))).filter((path) => path === "GET /api/ps")).toHaveLength(1);
    expect(asked.at(-1)).toBe("DELETE /api/delete");
    const second = await launch({ OLLAMA_HOST: server.url }, "ollama/qwen3:8b");
    expect(second.stdout).toContain("told 65536");
  }, 30_000);

  it("loses the copy of a launch that was killed at the next one", async () => {
    const server = await ollama({});
    const removed = () => server.requests.filter(({ method }) => method === "DELETE").map(({ text }) => text);
    machine.write("bin/claude", "#!/bin/sh\necho up\nexec sleep 5\n", 0o755);
    const killed = machine.start(["claude", "--model", "ollama/qwen3:8b"], { OLLAMA_HOST: server.url });
    await killed.printed("up");
    const [copy] = server.requests.filter(({ path }) => path === "/api/create").map(({ json }) => (json as { model: string }).model);
    killed.kill("SIGKILL");
    await killed.ended;
    expect(removed()).toEqual([]);
    await launch({ OLLAMA_HOST: server.url }, "ollama/qwen3:8b");
    expect(removed()).toHaveLength(2);
    expect(removed().join()).toContain(copy);
  }, 30_000);

  it("that loads a model with less than it was asked for is said after the first reply", async () => {
    const server = await ollama({ gives: 16_384 });
    const ended = await launch({ OLLAMA_HOST: server.url }, "ollama/qwen3:8b");
    expect(ended.stdout).toContain("told 65536");
    expect(ended.stderr).toContain("ollama/qwen3:8b runs with a window of 16k tokens, not of 64k: its server gives it no more.");
  }, 30_000);

  it("that is slow is examined with the larger window that a launch would give it", async () => {
    const server = await ollama({ delay: 500 });
    await machine.fcc(["doctor", "--no-agent", "--model", "ollama/qwen3:8b"], { OLLAMA_HOST: server.url });
    const asked = server.requests.filter(({ path }) => path.startsWith("/v1/chat/"));
    expect(asked.length).toBeGreaterThan(0);
    for (const { text } of asked) expect(text).toMatch(/"model":"fcc\/qwen3:8b-65536-/);
    expect(paths(server).at(-1)).toBe("DELETE /api/delete");
  }, 60_000);

  it("that is slow leaves another, which was in time, its larger window", async () => {
    const [near, far] = await Promise.all([ollama({}), ollama({ delay: 500 })]);
    machine.write("bin/claude", client, 0o755);
    machine.write(
      "home/.config/fcc/config.yaml",
      `providers:
  near: { extends: ollama, baseUrl: "${near.url}" }
  far: { extends: ollama, baseUrl: "${far.url}" }
profiles: { p: { model: near/qwen3:8b, haiku: far/qwen3:8b } }
`,
    );
    const ended = await machine.fcc(["claude", "--profile", "p"]);
    expect(ended.stdout).toContain("told 65536");
    expect(near.requests.find(({ path }) => path === "/v1/chat/completions")?.text).toMatch(/"model":"fcc\/qwen3:8b-65536-/);
    expect(paths(far)).toContain("POST /api/create");
  }, 30_000);

  it("leaves each target of one model what the profile says of it", async () => {
    const server = await ollama({});
    machine.write("bin/claude", client, 0o755);
    const at = (temperature: number) => `{ target: ollama/qwen3:8b, sampling: { temperature: ${temperature} } }`;
    machine.write("home/.config/fcc/config.yaml", `profiles: { p: { model: ${at(0.2)}, subagent: ${at(0.9)} } }\n`);
    await machine.fcc(["claude"], { OLLAMA_HOST: server.url });
    expect(server.requests.find(({ path }) => path === "/v1/chat/completions")?.json).toMatchObject({
      model: expect.stringMatching(/^fcc\/qwen3:8b-65536-/),
      temperature: 0.2,
    });
  }, 30_000);

  it("is what a launch begins on, with an alternative behind it", async () => {
    const [server, other] = await Promise.all([ollama({}), serve(modelServer({ window: 131_072, models: ["m1"] }))]);
    machine.write("bin/claude", client, 0o755);
    machine.write(
      "home/.config/fcc/config.yaml",
      `providers: { box: { extends: vllm, baseUrl: "${other.url}" } }\nprofiles: { p: { model: [ollama/qwen3:8b, box/m1] } }\n`,
    );
    const ended = await machine.fcc(["claude"], { OLLAMA_HOST: server.url });
    expect(ended.stdout).toContain("told 65536");
    expect(ended.stderr).toContain("claude on ollama/qwen3:8b (64k context, ");
  }, 30_000);

  it("at the address of its variable is used where nothing is configured", async () => {
    const server = await ollama({});
    const ended = await machine.fcc(["run", "--", "true"], { OLLAMA_HOST: new URL(server.url).host });
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain(`nothing is configured: using Ollama at ${server.url} (OLLAMA_HOST) with qwen3:8b, which is loaded`);
    const bounded = "boundary: [192.0.2.0/24]\n";
    machine.write("home/.config/fcc/config.yaml", bounded);
    const outside = await machine.fcc(["run", "--", "true"], { OLLAMA_HOST: new URL(server.url).host });
    expect(outside.code).toBe(2);
  }, 30_000);

  it("that makes no copies is asked to load the model with the window itself", async () => {
    const server = await ollama({ refuses: ["/api/create", "/api/delete"] });
    const ended = await launch({ OLLAMA_HOST: server.url }, "ollama/qwen3:8b");
    expect(ended.stdout).toContain("told 65536");
    expect(ended.stderr).not.toContain("keeps its window");
    expect(server.requests.find(({ path }) => path === "/api/generate")?.json).toMatchObject({
      model: "qwen3:8b",
      options: { num_ctx: 65_536 },
      keep_alive: "30m",
    });
  }, 30_000);

  it("that does neither is said with the address that refused it", async () => {
    const server = await ollama({ refuses: ["/api/create", "/api/generate", "/api/delete"] });
    const ended = await launch({ OLLAMA_HOST: server.url }, "ollama/qwen3:8b");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`ollama/qwen3:8b keeps its window: ${server.url}/api/create: 404 page not found`);
  }, 30_000);
});
