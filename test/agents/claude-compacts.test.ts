import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { createMachine, messagesProfile } from "./run.ts";
import { type Received, type Say, serveChat, serveMessages } from "./scripted.ts";

const { claude = "" } = inject("installed");

const tokensOf = ({ body }: Received) => Math.ceil(JSON.stringify([body.messages, body.tools ?? []]).length / 4);
const isCompaction = ({ body }: Received) => /CRITICAL: Respond with TEXT ONLY/.test(JSON.stringify(body.messages.at(-1)));

/** How servers say that a prompt of `used` tokens does not fit into their window. */
const overflows: readonly { readonly name: string; readonly fail: (used: number, max: number) => NonNullable<Say["fail"]> }[] = [
  {
    name: "llama.cpp",
    fail: (used, max) => ({
      status: 400,
      body: {
        error: {
          code: 400,
          message: `request (${used} tokens) exceeds the available context size (${max} tokens), try increasing it`,
          type: "exceed_context_size_error",
          n_prompt_tokens: used,
          n_ctx: max,
        },
      },
    }),
  },
  {
    name: "vLLM",
    fail: (used, max) => ({
      status: 400,
      body: {
        error: {
          message: `This model's maximum context length is ${max} tokens. However, your prompt contains ${used * 4} characters (more than ${max * 4} characters, which is the upper bound for ${max} input tokens). Please reduce the length of the input prompt. (parameter=input_text, value=${used * 4})`,
          type: "BadRequestError",
          param: "input_text",
          code: 400,
        },
      },
    }),
  },
  {
    name: "Ollama",
    fail: () => ({
      status: 400,
      body: { error: { message: "the input length exceeds the context length", type: "invalid_request_error", param: null, code: null } },
    }),
  },
  {
    name: "OpenAI",
    fail: (used, max) => ({
      status: 400,
      body: {
        error: {
          message: `This model's maximum context length is ${max} tokens. However, your messages resulted in ${used} tokens. Please reduce the length of the messages.`,
          type: "invalid_request_error",
          param: "messages",
          code: "context_length_exceeded",
        },
      },
    }),
  },
];

const readOutput = (part: number) => ({
  name: "Bash",
  input: { command: `yes 'line of part ${part}' | head -c 18000`, description: "Read a part" },
});
const readFile = (part: number) => ({ name: "Read", input: { file_path: `file${part}.txt` } });

/** A model that reads long outputs until it has read `reads` of them, and then is done. It refuses what is over `window`. */
function reader(
  reads: number,
  window: number,
  fail: (typeof overflows)[number]["fail"],
  call: (part: number) => { name: string; input: object } = readOutput,
) {
  const log: string[] = [];
  let done = 0;
  const script = (received: Received): Say => {
    const used = tokensOf(received);
    if (used > window) {
      log.push("refused");
      return { fail: fail(used, window) };
    }
    if (isCompaction(received)) {
      log.push("compacted");
      return { text: [`<analysis>Brief.</analysis><summary>I have read ${done} parts of ${reads}.</summary>`], promptTokens: used };
    }
    if (done === reads) {
      log.push("answered");
      return { text: ["All is read."], promptTokens: used };
    }
    done += 1;
    log.push("read");
    return { calls: [call(done)], promptTokens: used };
  };
  return { script, log };
}

const profile = (url: string, context: string, wire: "chat" | "messages") => `profile: small
providers:
  lab: { speaks: { ${wire}: { baseUrl: ${url}/v1 } } }
profiles:
  small: { model: { target: lab/scripted${context} } }
`;

async function session(
  reads: number,
  options: {
    told?: number;
    real: number;
    context?: string;
    fail?: (typeof overflows)[number]["fail"];
    wire?: "chat" | "messages";
    files?: true;
  },
) {
  const machine = createMachine();
  const fail = options.fail ?? (overflows[0]?.fail as (typeof overflows)[number]["fail"]);
  const { script, log } = reader(reads, options.real, fail, options.files ? readFile : readOutput);
  const lines = Array.from({ length: 300 }, (_, line) => `line ${line} of a file of some length`);
  for (let part = 1; options.files && part <= reads; part += 1) writeFileSync(join(machine.project, `file${part}.txt`), lines.join("\n"));
  const { wire = "chat" } = options;
  const server = wire === "chat" ? await serveChat(script, options.told) : await serveMessages(script);
  await machine.configure(profile(server.url, options.context ?? "", wire));
  const ended = await machine.fcc(["claude", "-p", "read it all", "--allowedTools", "Bash"]);
  return { ended, log, server };
}

describe.skipIf(claude === "")("Claude Code, when the window is full", () => {
  it.each([
    { name: "learned from /v1/models", told: 49_152, context: "" },
    { name: "set in the profile", told: 200_000, context: ", context: 48k" },
  ])("compacts by itself before a window of 48k is full, and goes on: $name", async ({ told, context }) => {
    const { ended, log } = await session(12, { told, real: 49_152, context });
    expect(ended, ended.stderr + log.join(" ")).toMatchObject({ code: 0, stdout: "All is read.\n" });
    expect(log.filter((entry) => entry === "read")).toHaveLength(12);
    expect(log).not.toContain("refused");
    expect(log.filter((entry) => entry === "compacted").length).toBeGreaterThan(0);
    expect(log.filter((entry) => entry === "compacted").length).toBeLessThanOrEqual(4);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("goes on where it puts back, after each compaction, the files that it read last", async () => {
    const { ended, log } = await session(16, { told: 65_536, real: 65_536, files: true });
    expect(ended, ended.stderr + log.join(" ")).toMatchObject({ code: 0, stdout: "All is read.\n" });
    expect(log.filter((entry) => entry === "read")).toHaveLength(16);
    expect(log).toContain("compacted");
    expect(log).not.toContain("refused");
  });

  it.each(overflows)("compacts when the server's window is smaller than it said, by the words of $name", async ({ fail }) => {
    const { ended, log } = await session(6, { told: 131_072, real: 40_000, fail });
    expect(ended, ended.stderr + log.join(" ")).toMatchObject({ code: 0, stdout: "All is read.\n" });
    // The summary of it all does not fit either: the client asks for it again without the oldest part.
    expect(log).toEqual([...Array.from({ length: 5 }, () => "read"), "refused", "refused", "compacted", "read", "answered"]);
  });

  it("asks for less output where the window does not hold it beside the prompt, on the server's own Messages wire", async () => {
    const machine = createMachine();
    const message =
      "'max_tokens' is too large: 32000. This model's maximum context length is 65536 tokens and your request has 38000 input tokens.";
    const server = await serveMessages(({ body }, count) => {
      if (count === 1) return { calls: [{ name: "Bash", input: { command: "echo one", description: "Say" } }] };
      if (body.max_tokens <= 65_536 - 38_000) return { text: ["Fine."] };
      return { fail: { status: 400, body: { type: "error", error: { type: "invalid_request_error", message } } } };
    });
    await machine.configure(messagesProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "hi", "--allowedTools", "Bash"]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received.map(({ body }) => body.max_tokens)).toEqual([32_000, 32_000, 26_536]);
  });

  it("compacts for the same words on the server's own Messages wire", async () => {
    const { ended, log } = await session(6, { real: 40_000, wire: "messages" });
    expect(ended, ended.stderr + log.join(" ")).toMatchObject({ code: 0, stdout: "All is read.\n" });
    expect(log.filter((entry) => entry === "read")).toHaveLength(6);
    expect(log).toContain("refused");
    expect(log).toContain("compacted");
  });
});
