import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { rows } from "../../src/providers/index.ts";
import { type Call, createModel } from "../providers/refusals/model.ts";
import type { ChatBody } from "../providers/refusals/rules.ts";
import { type StrictServer, strictServers } from "../providers/refusals/servers.ts";
import { createMachine } from "./run.ts";

/** Five turns of the main conversation: a result, parallel results of which one is an error, a picture, another tool's server, the end. */
const turns: readonly (readonly [calls: readonly Call[], text: string])[] = [
  [[["Bash", { command: "echo one", description: "Print" }]], "Looking."],
  [
    [
      ["Bash", { command: "echo two", description: "Print" }],
      ["Read", { file_path: "missing.txt" }],
    ],
    "",
  ],
  [[["Read", { file_path: "dot.png" }]], ""],
  [[["mcp__odd__reverse", { text: "abc" }]], "Turning it."],
  [[], "All done."],
];
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

interface Session {
  readonly refused: readonly string[];
  /** Requests of the main conversation. */
  readonly answered: number;
  readonly code: number | null;
  readonly stdout: string;
}

/** The real client with a server that enforces what this provider documents. */
async function session(id: string, strict: StrictServer): Promise<Session> {
  const model = createModel(strict);
  const refused: string[] = [];
  let answered = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const json = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.method === "GET" && request.url?.endsWith("/models")) return json(200, { data: [{ id: strict.model }] });
    if (request.method !== "POST" || !request.url?.endsWith("/chat/completions")) return json(404, { error: { message: "Not Found" } });
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as ChatBody;
    const refusal = model.refusal(body);
    if (refusal !== undefined) {
      refused.push(refusal);
      return json(400, { error: { message: refusal, type: "invalid_request_error" } });
    }
    // A title and the like are asked for without the client's tools.
    const main = body.tools?.some((tool) => tool.function.name === "Bash") === true;
    const [calls, text] = main ? (turns[answered++] ?? [[], "All done."]) : [[], '{"title":"Work"}'];
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(
      model
        .say(calls, text)
        .map(({ data }) => `data: ${data}\n\n`)
        .join(""),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const machine = createMachine();
  try {
    writeFileSync(join(machine.project, "dot.png"), Buffer.from(dot, "base64"));
    const row = rows[id];
    const wires = Object.keys(row?.speaks ?? {}).length > 1 ? ", via: chat" : "";
    const at = row?.id === "openai-compatible" ? `speaks: { chat: { baseUrl: "${url}" } }` : `baseUrl: "${url}"${wires}`;
    await machine.configure(
      `providers:\n  ${id}: { ${at}, key: { env: STRICT_KEY } }\nprofile: p\nprofiles: { p: { model: { target: "${id}/${strict.model}", context: 200000 } } }\n`,
    );
    const odd = { mcpServers: { odd: { command: process.execPath, args: [resolve(import.meta.dirname, "fixtures/mcp-server.mjs")] } } };
    const args = ["-p", "Do the work", "--mcp-config", JSON.stringify(odd), "--allowedTools", "Bash", "Read", "mcp__odd__reverse"];
    const { code, stdout } = await machine.fcc(["claude", ...args], { STRICT_KEY: "k-strict-12345" });
    return { refused, answered, code, stdout };
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

/** The stand-in and a server on a file are started by fcc itself, at addresses of their own. */
const cases = Object.entries(strictServers)
  .filter(([id]) => id !== "demo" && rows[id]?.servesFiles !== true)
  .flatMap(([id, servers]) => servers.map((strict) => [id, strict] as const));
/** The client is one process of some hundred megabytes; two cores take as many. */
const atOnce = Number(process.env["FCC_TEST_AT_ONCE"] ?? 3);

describe.skipIf(inject("installed").claude === undefined)("five turns of the real client with each provider's documented refusals", () => {
  it(
    "nothing is refused, by any row's server",
    async () => {
      const outcomes: Record<string, Session> = {};
      const queue = [...cases];
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            const [id, strict] = next;
            outcomes[`${id}/${strict.model}`] = await session(id, strict);
          }
        }),
      );
      const wrong = Object.entries(outcomes).filter(
        ([, { refused, answered, code, stdout }]) =>
          refused.length > 0 || answered !== turns.length || code !== 0 || !stdout.includes("All done."),
      );
      expect(Object.fromEntries(wrong)).toEqual({});
      expect(Object.keys(outcomes)).toHaveLength(cases.length);
    },
    20 * 60_000,
  );
});
