import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { chatProfile, createMachine, messagesProfile } from "./run.ts";
import { type Received, type Say, serveChat, serveMessages } from "./scripted.ts";

const { claude = "" } = inject("installed");

const badRequest = (message: string, param: string | null = null, status = 400): Say => ({
  fail: { status, body: { error: { message, type: "invalid_request_error", param, code: null } } },
});
const bash = (command: string) => ({ name: "Bash", input: { command, description: "Run" } });
const bashAllowed = ["--allowedTools", "Bash"];
/** The smallest PNG: one pixel. */
const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const hasImage = ({ body }: Received) => JSON.stringify(body.messages).includes('"image_url"');
const linesOf = (stderr: string) => stderr.trim().split("\n");

/** What servers refuse, in their own words, as long as the request has it. */
const refusals: readonly { readonly name: string; readonly has: (body: Received["body"]) => boolean; readonly answer: Say }[] = [
  {
    name: "reasoning_effort, by OpenAI",
    has: (body) => "reasoning_effort" in body,
    answer: badRequest("Unrecognized request argument supplied: reasoning_effort"),
  },
  {
    name: "thinking at all, by Ollama",
    has: (body) => "reasoning_effort" in body,
    answer: badRequest('"qwen2.5-coder:7b" does not support thinking'),
  },
  {
    name: "stream_options, by an old server",
    has: (body) => "stream_options" in body,
    answer: badRequest(
      "[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted'}]",
      null,
      422,
    ),
  },
  {
    name: "max_tokens, for another name",
    has: (body) => "max_tokens" in body,
    answer: badRequest(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "max_tokens",
    ),
  },
  {
    name: "so much output",
    has: (body) => body.max_tokens > 8192,
    answer: badRequest("max_tokens is too large: 32000. This model supports at most 8192 completion tokens, whereas you provided 32000."),
  },
];

describe.skipIf(claude === "")("Claude Code, on a server that takes less", () => {
  it.each(refusals)("goes on without what is refused, and is not refused it again: $name", async ({ has, answer }) => {
    const machine = createMachine();
    let refused = 0;
    let calls = 0;
    const server = await serveChat(({ body }) => {
      if (has(body)) {
        refused += 1;
        return answer;
      }
      calls += 1;
      return calls === 1 ? { calls: [bash("echo one")] } : { text: ["Fine."] };
    });
    await machine.configure(chatProfile(server.url).replace("/v1 } }", "/v1 } }\n    quirks: { efforts: [low, high] }"));
    const ended = await machine.fcc(["claude", "-p", "hi", "--effort", "high", ...bashAllowed]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect({ refused, calls }).toEqual({ refused: 1, calls: 2 });
    expect(linesOf(ended.stderr)).toHaveLength(1);
  });

  it("asks for no thinking where its user switched that off", async () => {
    const machine = createMachine();
    const server = await serveChat([{ text: ["Fine."] }]);
    await machine.configure(chatProfile(server.url));
    const off = ["--settings", '{"alwaysThinkingEnabled":false}'];
    expect(await machine.fcc(["claude", "-p", "hi", ...off])).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received.map(({ body }) => body.reasoning_effort)).toEqual(["none"]);
  });

  it("shows at once that a model has no tools, in its server's words", async () => {
    const machine = createMachine();
    const server = await serveChat(() => badRequest("registry.ollama.ai/library/gemma:2b does not support tools"));
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "hi"]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/gemma:2b does not support tools/);
    // The client tries a 400 twice more by itself, without betas and without `thinking.display`.
    expect(server.received).toHaveLength(3);
  });

  it("puts a placeholder for an image where the model takes text only, and says so once", async () => {
    const machine = createMachine();
    writeFileSync(join(machine.project, "dot.png"), pixel);
    const read = { name: "Read", input: { file_path: "dot.png" } };
    const server = await serveChat([{ calls: [read] }, { calls: [bash("echo more")] }, { text: ["Fine."] }]);
    await machine.configure(`${chatProfile(server.url).replace("/v1 } }", "/v1 } }\n    quirks: { images: false }")}`);
    const ended = await machine.fcc(["claude", "-p", "look at dot.png", ...bashAllowed]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received).toHaveLength(3);
    expect(server.received.some(hasImage)).toBe(false);
    expect(JSON.stringify(server.received[1]?.body.messages)).toContain("[image omitted");
    const notices = linesOf(ended.stderr).slice(1);
    expect(notices).toEqual([expect.stringMatching(/image was left out/)]);
  });

  it.each([
    ["llama.cpp", badRequest("image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", null, 500)],
    ["vLLM", badRequest("scripted is not a multimodal model None")],
    [
      "DeepSeek",
      badRequest("Failed to deserialize the JSON body into the target type: messages[4]: unknown variant `image_url`, expected `text`"),
    ],
    ["OpenRouter", badRequest("No endpoints found that support image input", null, 404)],
  ] as const)("goes on without images after the refusal of %s", async (_name, answer) => {
    const machine = createMachine();
    writeFileSync(join(machine.project, "dot.png"), pixel);
    let refused = 0;
    const server = await serveChat((received) => {
      if (hasImage(received)) {
        refused += 1;
        return answer;
      }
      if (server.received.length === 1) return { calls: [{ name: "Read", input: { file_path: "dot.png" } }] };
      return JSON.stringify(received.body.messages).includes("echo more") ? { text: ["Fine."] } : { calls: [bash("echo more")] };
    });
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "look at dot.png", ...bashAllowed]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(refused).toBe(1);
    expect(server.received).toHaveLength(4);
  });

  it("gives thinking back to a server that insists on it, turn by turn and in a resumed session", async () => {
    const machine = createMachine();
    const thoughts = ["First I list.", "Then I look closer.", "Now I know."];
    let refused = 0;
    const server = await serveChat(({ body }) => {
      const assistants = body.messages.filter((message: { role: string }) => message.role === "assistant");
      const kept = assistants.every(
        (message: { reasoning_content?: string }, index: number) => message.reasoning_content === (thoughts[index] ?? ""),
      );
      if (!kept) {
        refused += 1;
        return badRequest("The `reasoning_content` in the thinking mode must be passed back to the API.");
      }
      const thinking = thoughts[assistants.length];
      if (thinking === undefined) return { text: ["Fine."] };
      return { thinking, calls: [bash(`echo ${assistants.length}`)] };
    });
    await machine.configure(`profile: deep
providers:
  deep: { extends: deepseek, via: chat, baseUrl: ${server.url}/v1, key: { env: DEEP_KEY } }
profiles:
  deep: { model: deep/deepseek-v4-pro }
`);
    const ended = await machine.fcc(["claude", "-p", "hi", ...bashAllowed], { DEEP_KEY: "sk-nothing" });
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    const resumed = await machine.fcc(["claude", "--continue", "-p", "and now"], { DEEP_KEY: "sk-nothing" });
    expect(resumed, resumed.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(refused).toBe(0);
    expect(server.received).toHaveLength(5);
  });

  it("gives sealed thinking back as it came, on the server's own wire", async () => {
    const machine = createMachine();
    const server = await serveMessages([{ thinking: "Hm.", calls: [bash("echo one")] }, { text: ["Fine."] }]);
    await machine.configure(messagesProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "hi", ...bashAllowed]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received).toHaveLength(2);
    const blocks = server.received[1]?.body.messages.flatMap(({ content }: { content: unknown }) => content);
    expect(blocks).toContainEqual({ type: "thinking", thinking: "Hm.", signature: "c2ln" });
  });
});
