import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ggufHead, qwen } from "../support/gguf.ts";
import { runs, until } from "./kubectl.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();
beforeEach(() => {
  writeFileSync(join(machine.base, "project", "qwen3-coder.gguf"), ggufHead(qwen));
  writeFileSync(join(machine.base, "project", "small one.gguf"), ggufHead(qwen));
  machine.write("bin/llama-server", server(), 0o755);
});
afterEach(() => {
  for (const { pid, beside } of started()) for (const one of [pid, beside]) if (runs(one)) process.kill(one, "SIGKILL");
});

/** A program in llama-server's place: it loads for a moment, asks for its key everywhere but at /health, and answers with its own name. */
const server = () => `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const beside = require("node:child_process").spawn("/bin/sleep", ["600"], { stdio: "ignore" });
const args = process.argv.slice(2);
const key = process.env.LLAMA_API_KEY;
appendFileSync(${JSON.stringify(join(machine.base, "llama.log"))}, JSON.stringify({ pid: process.pid, beside: beside.pid, args, key, cwd: process.cwd() }) + "\\n");
const of = (name) => args[args.indexOf(name) + 1];
console.error("load_model: loading model '" + of("--model") + "'");
if (process.env.LLAMA_FAULT === "dies") {
  console.error("error: \\u001b[31mfailed to load model, key " + key);
  process.exit(1);
}
let ready = process.env.LLAMA_FAULT === "loads" ? Infinity : performance.now() + 300;
require("node:http").createServer((request, response) => {
  const json = (status, body) => response.writeHead(status, { "content-type": "application/json", server: "llama.cpp" }).end(JSON.stringify(body));
  if (performance.now() < ready) return json(503, { error: { message: "Loading model", type: "unavailable_error", code: 503 } });
  if (request.url === "/health") return json(200, { status: "ok" });
  if (request.headers.authorization !== "Bearer " + key) return json(401, { error: { message: "Invalid API Key", type: "authentication_error", code: 401 } });
  if (request.url === "/v1/models") return json(200, { object: "list", data: [{ id: of("--alias"), object: "model", owned_by: "llamacpp" }] });
  if (request.url === "/props") return json(200, { default_generation_settings: { n_ctx: Number(of("--ctx-size")) || 262144 }, total_slots: 1, chat_template_caps: { supports_tools: true, supports_tool_calls: true } });
  request.resume().on("end", () => json(200, { id: "x", object: "chat.completion", created: 1, model: of("--alias"), choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "I am " + of("--alias") } }], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }));
}).listen(Number(of("--port")), "127.0.0.1");
`;

interface Started {
  readonly pid: number;
  readonly beside: number;
  readonly args: readonly string[];
  readonly key: string;
  readonly cwd: string;
}
const started = (): readonly Started[] =>
  (machine.files()["llama.log"] ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Started);

const asking = (models: string) => [
  "--",
  process.execPath,
  "--input-type=module",
  "-e",
  `for (const model of ${models}) {
     const reply = await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST",
       headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY, "content-type": "application/json" },
       body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }) });
     console.log(reply.status, (await reply.json()).choices?.[0].message.content);
   }`,
];
const ask = asking("[process.env.OPENAI_MODEL]");
const noNotes = () => expect(Object.keys(machine.files()).filter((name) => name.includes("/beside/"))).toEqual([]);

describe("a model file", () => {
  it.each(["./qwen3-coder.gguf", "qwen3-coder.gguf"])("--model %s runs on a server of the session", async (model) => {
    const { code, stdout, stderr } = await machine.fcc(["run", "--model", model, ...ask]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "200 I am qwen3-coder\n" });
    expect(stderr).toMatch(
      /^fcc {2}llama-server loads qwen3-coder\nfcc {2}llama-server has loaded qwen3-coder in [\d.]+ s\nfcc {2}run on gguf\/qwen3-coder \(64k context, http:\/\/127\.0\.0\.1:\d+\)/,
    );
    const [one, ...more] = started();
    expect(more).toEqual([]);
    expect(one?.args).toEqual([
      ...["--model", join(machine.base, "project", "qwen3-coder.gguf"), "--alias", "qwen3-coder"],
      ...["--host", "127.0.0.1", "--port", expect.stringMatching(/^\d+$/), "--jinja", "--ctx-size", expect.stringMatching(/^\d+$/)],
      ...["--parallel", "1"],
    ]);
    expect(one?.key).toMatch(/^[\w-]{32}$/);
    // In the project, which may be a clone, llama-server would look for parts of itself to load.
    expect(one?.cwd).toBe(dirname(process.execPath));
    expect([runs(one?.pid ?? 0), runs(one?.beside ?? 0)]).toEqual([false, false]);
    noNotes();
  });

  it("in a profile stands beside its file, one server for each, with the window that is written", async () => {
    machine.write(
      "project/team/.fccrc",
      "profile: files\nprofiles:\n  files: { model: { target: ../qwen3-coder.gguf, context: 40960 }, haiku: '../small one.gguf', opus: ../qwen3-coder.gguf }\n",
    );
    const { code, stdout } = await machine.fcc([
      "run",
      "--config",
      "team/.fccrc",
      ...asking('[process.env.OPENAI_MODEL, "claude-haiku-4-5"]'),
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "200 I am qwen3-coder\n200 I am small one\n" });
    const windows = started().map(({ args }) => [args[args.indexOf("--alias") + 1], args[args.indexOf("--ctx-size") + 1]]);
    expect(windows).toEqual([
      ["qwen3-coder", "40960"],
      ["small one", expect.stringMatching(/^\d+$/)],
    ]);
    expect(new Set(started().map(({ key }) => key)).size).toBe(2);
    for (const { pid } of started()) expect(runs(pid)).toBe(false);
  });

  it("is said to load in the doctor too, which waits for it", async () => {
    const { stderr } = await machine.fcc(["doctor", "--no-agent", "--model", "./qwen3-coder.gguf"]);
    expect(stderr).toMatch(/^fcc {2}llama-server loads qwen3-coder\nfcc {2}llama-server has loaded qwen3-coder in [\d.]+ s\n$/);
  });

  it("is shown in a dry run, which starts nothing", async () => {
    const { code, stdout } = await machine.fcc(["run", "--model", "./qwen3-coder.gguf", "--dry-run", "--", "true"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /started before it\n {2}llama-server --model '?\/.+\/project\/qwen3-coder\.gguf'? --alias qwen3-coder .*--port '<port>' --jinja/,
    );
    expect(started()).toEqual([]);
  });

  it.each([
    ["./none.gguf", 2, /none\.gguf: there is no such file\.$/m],
    ["models/none.gguf", 2, /"models" is not a known provider/],
    ["./notes.gguf", 2, /notes\.gguf: it is no GGUF file\.$/m],
  ])("%s is refused", async (model, code, said) => {
    machine.write("project/notes.gguf", "not a model");
    const ended = await machine.fcc(["run", "--model", model, ...ask]);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(said)]);
  });

  it("without llama-server says how to get it", async () => {
    const { code, stderr } = await machine.fcc(["run", "--model", "./qwen3-coder.gguf", ...ask], { PATH: "/usr/bin:/bin" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/fcc: llama-server is not on PATH.*\n {5}Get it with `brew install llama\.cpp`/);
  });

  it("that does not load says what the server said, without its key", async () => {
    const { code, stderr } = await machine.fcc(["run", "--model", "./qwen3-coder.gguf", ...ask], { LLAMA_FAULT: "dies" });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /llama-server ended with exit code 1 while it loaded qwen3-coder\. It said:\n(?: {7}.*\n)* {7}error: failed to load model, key \[redacted\]\n$/,
    );
    expect(runs(started()[0]?.beside ?? 0)).toBe(false);
  });

  it("in a project's own file is not served before the file is trusted, and is shown", async () => {
    machine.write("project/.fccrc", "profile: files\nprofiles: { files: ./qwen3-coder.gguf }\n");
    expect((await machine.fcc(["run", ...ask])).code).toBe(2);
    expect(started()).toEqual([]);
    const shown = await machine.fcc(["trust", "--yes"]);
    expect(shown.stdout + shown.stderr).toMatch(/Commands:\n +llama-server on the file .+\/project\/qwen3-coder\.gguf/);
    expect((await machine.fcc(["run", ...ask])).stdout).toBe("200 I am qwen3-coder\n");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("%s while it loads leaves nothing", async (signal) => {
    const running = machine.start(["run", "--model", "./qwen3-coder.gguf", ...ask], { LLAMA_FAULT: "loads" });
    await until(() => started().length === 1);
    running.kill(signal);
    expect(await running.ended).toMatchObject({ signal });
    expect([runs(started()[0]?.pid ?? 0), runs(started()[0]?.beside ?? 0)]).toEqual([false, false]);
  });

  it("what SIGKILL left is ended by the next launch", async () => {
    const client = ["--", "/bin/sh", "-c", "echo ready; while kill -0 $PPID 2>/dev/null; do sleep 0.1; done"];
    const running = machine.start(["run", "--model", "./qwen3-coder.gguf", ...client]);
    await running.printed("ready");
    running.kill("SIGKILL");
    await running.ended;
    expect(runs(started()[0]?.pid ?? 0)).toBe(true);
    await machine.fcc(["run", "--profile", "demo", "--", "/bin/sleep", "0.5"]);
    expect([runs(started()[0]?.pid ?? 0), runs(started()[0]?.beside ?? 0)]).toEqual([false, false]);
    noNotes();
  });
});
