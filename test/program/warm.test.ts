import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { modelServer } from "../support/model-server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();
let server: Upstream;
beforeEach(async () => {
  server = await startUpstream(modelServer());
  // A client that thinks for a moment, then asks what a person typed.
  machine.write(
    "bin/claude",
    `#!${process.execPath}
setTimeout(async () => {
  const reply = await fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", { method: "POST",
    headers: { authorization: "Bearer " + process.env.ANTHROPIC_AUTH_TOKEN, "content-type": "application/json" },
    body: JSON.stringify({ model: process.env.ANTHROPIC_MODEL ?? "opus", max_tokens: 100, stream: true,
      system: [{ type: "text", text: "You are an agent in a folder." }, { type: "text", text: "Be brief." }],
      tools: [{ name: "Read", description: "reads", input_schema: { type: "object", properties: { path: { type: "string" } } } }],
      messages: [{ role: "user", content: [{ type: "text", text: process.env.TYPED }] }] }) });
  await reply.text();
  console.log(reply.status);
}, 400);
`,
    0o755,
  );
});
afterEach(() => server.close());

const configure = (extendsRow: string, warm: string) =>
  machine.write(
    "home/.config/fcc/config.yaml",
    `profile: here
providers:
  lab: { extends: ${extendsRow}, baseUrl: "${server.url}", key: { env: LAB_KEY }, via: chat }
profiles:
  here: { model: { target: lab/big, context: 65536 }${warm} }
`,
  );
const session = (typed: string, args: readonly string[] = []) =>
  machine.fcc(["claude", ...args], { LAB_KEY: "sk-lab-key-0123456789", TYPED: typed });
interface Body {
  readonly max_tokens: number;
  readonly tools: unknown;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}
const asked = () => server.requests.filter(({ method }) => method === "POST").map(({ json }) => json as Body);
const kept = () => Object.entries(machine.files()).filter(([name]) => name.startsWith("home/.cache/fcc/openings/"));

it("a second session begins with what the first one sent, to the byte, and nothing of what was typed", async () => {
  configure("llamacpp", "");
  expect((await session("my secret question")).stdout).toBe("200\n");
  expect(asked()).toHaveLength(1);
  const [[name = "", text = ""] = [], ...more] = kept();
  expect(more).toEqual([]);
  expect(statSync(join(machine.base, name)).mode & 0o777).toBe(0o600);
  expect(text).toContain("You are an agent");
  expect(text).not.toMatch(/my secret question|sk-lab-key/);

  expect((await session("another one")).stdout).toBe("200\n");
  const [first, warm, second] = asked() as [Body, Body, Body];
  expect(asked()).toHaveLength(3);
  expect(warm.max_tokens).toBe(1);
  for (const part of ["tools", "messages"] as const) {
    const [before, prepared, after] = [first, warm, second].map((body) => JSON.stringify(part === "tools" ? body.tools : body.messages[0]));
    expect(prepared).toBe(after);
    expect(prepared).toBe(before);
  }
  expect(warm.messages.map(({ role }) => role)).toEqual(["system", "user"]);
});

it.each([
  ["other options of the client", "llamacpp", "", ["--other"], false],
  ["warm: false", "llamacpp", ", warm: false", [], false],
  ["a server that is not known to keep prompts", "vllm", "", [], false],
  ["the same with warm: true", "vllm", ", warm: true", [], true],
])("%s", async (_what, row, warm, args, expected) => {
  configure(row, warm);
  await session("one");
  await session("two", args);
  expect(asked().some(({ max_tokens }) => max_tokens === 1)).toBe(expected);
});
