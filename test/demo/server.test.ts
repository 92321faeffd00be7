import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Demo, startDemo } from "../../src/demo/server.ts";
import { discover } from "../../src/discover/index.ts";
import { rows } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";
import { createReach } from "../../src/reach/reach.ts";
import { providerAt } from "../support/provider.ts";

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.close());

const hello = { model: "demo", messages: [{ role: "user", content: "hello" }] };
const tool = (name: string, properties: object, required: readonly string[]) => ({
  type: "function",
  function: { name, parameters: { type: "object", properties, required } },
});
const read = tool("Read", { file_path: { type: "string" }, offset: { type: "integer" } }, ["file_path"]);
const bash = tool("Bash", { command: { type: "string" }, description: { type: "string" }, timeout: { type: "number" } }, ["command"]);

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${demo.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${demo.key}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

interface Reply {
  readonly choices: readonly [
    {
      message: { content: string | null; tool_calls?: { id: string; function: { name: string; arguments: string } }[] };
      finish_reason: string;
    },
  ];
  readonly usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
  readonly model: string;
}
const reply = async (body: object) => (await (await post(body)).json()) as Reply;

async function streamed(body: object) {
  const text = await (await post({ ...body, stream: true })).text();
  const events = text.split("\n\n").filter((event) => event !== "");
  expect(events.pop()).toBe("data: [DONE]");
  const chunks = events.map((event) => JSON.parse(event.replace(/^data: /, "")));
  const deltas = chunks.flatMap((chunk) => chunk.choices.map((choice: { delta: object }) => choice.delta));
  return {
    chunks,
    content: deltas.map((delta) => delta.content ?? "").join(""),
    calls: deltas.flatMap((delta) => delta.tool_calls ?? []),
    finish: chunks.flatMap((chunk) => chunk.choices).findLast((choice) => choice.finish_reason)?.finish_reason,
    usage: chunks.findLast((chunk) => chunk.usage)?.usage,
  };
}

describe("the stand-in", () => {
  it("says what it is, what it was given and what to do next", async () => {
    const { choices, usage, model } = await reply({ ...hello, model: "whatever" });
    const [{ message, finish_reason }] = choices;
    expect(message.content).toMatch(/stand-in.*not a model/);
    expect(message.content).toContain('"whatever"');
    expect(message.content).toContain("no tools");
    expect(message.content).toContain(".fccrc");
    expect(message.content).toContain("`fcc trust`");
    expect(message.content).toContain("fcc providers");
    expect(finish_reason).toBe("stop");
    expect(model).toBe("whatever");
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
  });

  it("calls one harmless tool first, and then reports what came of it", async () => {
    const first = await reply({ ...hello, tools: [bash, read] });
    const [{ message, finish_reason }] = first.choices;
    expect(finish_reason).toBe("tool_calls");
    expect(message.tool_calls).toMatchObject([{ type: "function", function: { name: "Read", arguments: '{"file_path":"README.md"}' } }]);
    const history = [
      ...hello.messages,
      message,
      { role: "tool", tool_call_id: message.tool_calls?.[0]?.id, content: "\n  1\t# Wombats\u001b[31m\n2\tmore" },
    ];
    const second = await reply({ ...hello, messages: [...history, { role: "system", content: "stay calm" }], tools: [bash, read] });
    expect(second.choices[0].finish_reason).toBe("stop");
    expect(second.choices[0].message.content).toContain('Read: it begins with "1 # Wombats [31m"');
    expect(second.choices[0].message.content).toContain("2 tools: Bash, Read");
    const more = [...history, { role: "assistant", content: "ok" }, { role: "user", content: "and now?" }];
    expect((await reply({ ...hello, messages: more, tools: [bash, read] })).choices[0].finish_reason).toBe("stop");
  });

  it.each([
    ["a shell where no file can be read", [bash], "Bash", { command: "pwd" }],
    [
      "a required description",
      [tool("Bash", { command: { type: "string" }, description: { type: "string" } }, ["command", "description"])],
      "Bash",
      { command: "pwd", description: "Show the working folder" },
    ],
    ["Codex's shell", [tool("exec_command", { cmd: { type: "string" } }, ["cmd"])], "exec_command", { cmd: "pwd" }],
    [
      "a command that is a list",
      [tool("shell", { command: { type: "array", items: { type: "string" } } }, ["command"])],
      "shell",
      { command: ["pwd"] },
    ],
  ])("%s", async (_, tools, name, args) => {
    const call = (await reply({ ...hello, tools })).choices[0].message.tool_calls?.[0]?.function;
    expect(call?.name).toBe(name);
    expect(JSON.parse(call?.arguments ?? "")).toEqual(args);
  });

  it.each([
    ["a tool that writes", [tool("Write", { file_path: { type: "string" }, content: { type: "string" } }, ["file_path"])]],
    [
      "a tool that needs what nobody knows",
      [tool("Read", { file_path: { type: "string" }, reason: { type: "string" } }, ["file_path", "reason"])],
    ],
    ["a tool without parameters", [tool("Read", {}, [])]],
  ])("does not call %s", async (_, tools) => {
    expect((await reply({ ...hello, tools })).choices[0].finish_reason).toBe("stop");
  });

  it("calls nothing where nothing may be called, and what must be called", async () => {
    expect((await reply({ ...hello, tools: [read], tool_choice: "none" })).choices[0].finish_reason).toBe("stop");
    const other = tool("Answer", { verdict: { type: "string", enum: ["yes", "no"] }, why: { type: "string" } }, ["verdict"]);
    const choice = { type: "function", function: { name: "Answer" } };
    const call = (await reply({ ...hello, tools: [read, other], tool_choice: choice })).choices[0].message.tool_calls?.[0]?.function;
    expect(JSON.parse(call?.arguments ?? "")).toEqual({ verdict: "yes", why: "The stand-in model" });
  });

  it("calls the tool by which a client asks for JSON, once", async () => {
    const structured = tool("StructuredOutput", { n: { type: "integer", minimum: 3 } }, ["n"]);
    const first = (await reply({ ...hello, tools: [structured] })).choices[0];
    expect(first.message.tool_calls?.[0]?.function).toEqual({ name: "StructuredOutput", arguments: '{"n":3}' });
    const result = { role: "tool", tool_call_id: first.message.tool_calls?.[0]?.id, content: "ok" };
    const messages = [...hello.messages, first.message, result];
    expect((await reply({ ...hello, messages, tools: [structured] })).choices[0].finish_reason).toBe("stop");
  });

  it("gives a title, a summary and JSON to those who ask beside the conversation", async () => {
    const schema = { type: "object", properties: { title: { type: "string" } }, required: ["title"] };
    const format = { type: "json_schema", json_schema: { name: "t", schema } };
    expect(JSON.parse((await reply({ ...hello, response_format: format })).choices[0].message.content ?? "")).toEqual({
      title: "The stand-in model",
    });
    const ask = (content: string, tools?: object) => reply({ model: "demo", messages: [{ role: "user", content }], ...tools });
    expect((await ask("Write a short title for this session")).choices[0].message.content).toBe("Trying the stand-in model");
    expect((await ask("Please summarize this page")).choices[0].message.content?.length).toBeLessThan(100);
    const compaction = await ask("CRITICAL: Respond with TEXT ONLY. Your task is to create a detailed summary", { tools: [read] });
    expect(compaction.choices[0].message.content).toContain("<summary>");
    // The words of a project's last commits, which Claude Code shows with the question.
    const beside = await ask("hello\n\nRecent commits:\na1 Put a call into its text only\nb2 Say a plain summary", { tools: [read] });
    expect(beside.choices[0].message.content).not.toContain("<summary>");
  });

  it("streams the same that it says at once", async () => {
    for (const body of [hello, { ...hello, tools: [read] }]) {
      const whole = (await reply(body)).choices[0];
      const { chunks, content, calls, finish, usage } = await streamed({ ...body, stream_options: { include_usage: true } });
      expect(content).toBe(whole.message.content ?? "");
      expect(calls.map((call) => call.function.arguments).join("")).toBe(whole.message.tool_calls?.[0]?.function.arguments ?? "");
      expect(finish).toBe(whole.finish_reason);
      expect(usage).toMatchObject({ prompt_tokens: expect.any(Number) });
      expect(chunks.at(-1).choices).toEqual([]);
    }
    expect((await streamed(hello)).usage).toBeUndefined();
  });

  it("keeps to the output limit and to stop strings", async () => {
    const cut = await reply({ ...hello, max_tokens: 5 });
    expect(cut.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "Hello. I am the stan" } });
    expect((await reply({ ...hello, max_tokens: 5, tools: [read] })).choices[0].message.tool_calls).toBeUndefined();
    const stopped = await reply({ ...hello, stop: ["stand-in"] });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "Hello. I am the " } });
  });
});

describe("the stand-in as a server", () => {
  it.each([
    ["no JSON", "{", 400, undefined],
    ["no messages", { model: "demo" }, 400, "messages"],
    ["no model", { messages: hello.messages }, 400, "model"],
    ["an unknown role", { model: "demo", messages: [{ role: "bot", content: "" }] }, 400, "messages[0].role"],
    ["an empty list of tools", { ...hello, tools: [] }, 400, "tools"],
    [
      "a call without its result",
      {
        model: "demo",
        messages: [
          { role: "assistant", tool_calls: [{ id: "c", function: { name: "x" } }] },
          { role: "user", content: "x" },
        ],
      },
      400,
      "messages",
    ],
    ["more than its window", { model: "demo", messages: [{ role: "user", content: "x".repeat(900_000) }] }, 400, "messages"],
  ])("refuses %s as OpenAI does", async (_, body, status, param) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { message: string; type: string; param: unknown } };
    expect(error).toMatchObject({ type: "invalid_request_error", param: param ?? null, message: expect.any(String) });
  });

  it("answers nobody without its key, no page, and no other name", async () => {
    expect((await post(hello, { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await fetch(`${demo.url}/v1/models`)).status).toBe(401);
    expect((await post(hello, { origin: "https://evil.example" })).status).toBe(403);
    expect(await statusWithHost("evil.example")).toBe(403);
    expect((await fetch(`${demo.url}/admin`, { headers: { authorization: `Bearer ${demo.key}` } })).status).toBe(404);
  });

  it("has another key and another port each time", async () => {
    const other = await startDemo();
    expect(other.key).not.toBe(demo.key);
    expect(other.url).not.toBe(demo.url);
    expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await other.close();
    await expect(fetch(`${other.url}/v1/models`)).rejects.toThrow();
  });

  it("ends with streams open", async () => {
    const other = await startDemo();
    const response = await fetch(`${other.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${other.key}` },
      body: JSON.stringify({ ...hello, stream: true }),
    });
    await other.close();
    await expect(response.text()).rejects.toThrow();
  });

  it("is discovered like any server", async () => {
    const reach = createReach({ env: {} });
    const provider = providerAt(demo.url, { id: "demo", keys: [demo.key] }, rows["openai-compatible"] as Row);
    const { models, failure } = await discover(provider, reach);
    expect(failure).toBeUndefined();
    expect(models).toEqual([{ id: "demo", context: 200_000, tools: true, images: false, source: "max_model_len" }]);
    await reach.close();
  });
});

function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(`${demo.url}/v1/models`, { headers: { host, authorization: `Bearer ${demo.key}` } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}
