import { expect, it, onTestFinished } from "vitest";
import { startUpstream } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();

/** A client of a launch that asks for one streamed reply, and what it does with it. */
const client = (then: string) => [
  process.execPath,
  "-e",
  `
  const { FCC_URL, FCC_TOKEN } = process.env;
  const body = { model: "m", max_tokens: 10, stream: true, messages: [{ role: "user", content: "go" }] };
  const headers = { "content-type": "application/json", authorization: "Bearer " + FCC_TOKEN };
  fetch(FCC_URL + "/v1/messages", { method: "POST", headers, body: JSON.stringify(body) }).then(async (reply) => { ${then} });
`,
];

/** A server that says half of a reply and nothing more. */
async function halfAnswered(idle: string) {
  const server = await startUpstream((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { role: "assistant", content: "half" } }] })}\n\n`);
  });
  onTestFinished(() => server.close());
  machine.write(
    "home/.config/fcc/config.yaml",
    `providers:
  lab: { speaks: { chat: { baseUrl: ${server.url}/v1 } }, timeout: { idle: ${idle} } }
profiles:
  one: { model: { target: lab/m, context: 4000 } }
profile: one
`,
  );
  return server;
}

// What sends and what answers are scripts of their own in the published program: an error passes from the one to the other.
it("a reply that breaks off is told in the words of what sent the request", async () => {
  const server = await halfAnswered("300ms");
  const { stdout } = await machine.fcc(["run", "--quiet", "--", ...client("console.log(await reply.text());")]);
  const message = `${server.url} (provider lab, from ~/.config/fcc/config.yaml:2) sent nothing more for 0.3 s. If it needs longer, set providers.lab.timeout.idle.`;
  const { data = "{}" } = /event: error\ndata: (?<data>.*)/.exec(stdout)?.groups ?? {};
  expect(JSON.parse(data)).toMatchObject({ error: { message } });
});

it("a reply that its client leaves is no failure of the provider's", async () => {
  await halfAnswered("1m");
  const leaves = "for await (const part of reply.body) if (String(Buffer.from(part)).includes('half')) break; setTimeout(() => {}, 100);";
  const { stderr } = await machine.fcc(["run", "--trace", "../trace.jsonl", "--", ...client(leaves)]);
  const told = (machine.files()["trace.jsonl"] ?? "")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect(told).toContain("gone");
  expect(told).not.toContain("failed");
  expect(stderr).not.toContain("failure");
});
