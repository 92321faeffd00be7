import { expect, it, onTestFinished } from "vitest";
import { startUpstream } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();

/** What the client of a launch reads of one streamed reply. */
const ask = `
  const { FCC_URL, FCC_TOKEN } = process.env;
  const body = { model: "m", max_tokens: 10, stream: true, messages: [{ role: "user", content: "go" }] };
  const headers = { "content-type": "application/json", authorization: "Bearer " + FCC_TOKEN };
  fetch(FCC_URL + "/v1/messages", { method: "POST", headers, body: JSON.stringify(body) }).then((reply) => reply.text()).then(console.log);
`;

// What sends and what answers are scripts of their own in the published program: an error passes from the one to the other.
it("a reply that breaks off is told in the words of what sent the request", async () => {
  const server = await startUpstream((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { role: "assistant", content: "half" } }] })}\n\n`);
  });
  onTestFinished(() => server.close());
  machine.write(
    "home/.config/fcc/config.yaml",
    `providers:
  lab: { speaks: { chat: { baseUrl: ${server.url}/v1 } }, timeout: { idle: 300ms } }
profiles:
  one: { model: { target: lab/m, context: 4000 } }
profile: one
`,
  );
  const { stdout } = await machine.fcc(["run", "--quiet", "--", process.execPath, "-e", ask]);
  const message = `${server.url} (provider lab, from ~/.config/fcc/config.yaml:2) sent nothing more for 0.3 s. If it needs longer, set providers.lab.timeout.idle.`;
  const { data = "{}" } = /event: error\ndata: (?<data>.*)/.exec(stdout)?.groups ?? {};
  expect(JSON.parse(data)).toMatchObject({ error: { message } });
});
