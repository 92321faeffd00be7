import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import type { ProxyOptions } from "../../src/proxy/session.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { launch, messagesRequest } from "../support/proxy.ts";
import { answerJson, answerStream, chatStream, messagesStream, type Script, startUpstream } from "../support/upstream.ts";

const open = closedAfterEachTest();

async function start(script: Script, traceBodies: boolean, options: Partial<ProxyOptions> = {}) {
  const upstream = await startUpstream(script);
  const speaks = wiresAt(upstream.url, "messages", "chat");
  const profile = profileOf([targetOf(providerAt(upstream.url, { speaks }), "m")]);
  const proxy = await launch(profile, { traceBodies, ...options });
  open.push(proxy, upstream);
  const replies = () => proxy.facts.flatMap((fact) => (fact.type === "reply" ? [{ status: fact.status, body: fact.body() }] : []));
  return { proxy, replies };
}

const compressed: Script = (_request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
  response.end(gzipSync(messagesStream(["hello"]).join("")));
};

it.each<[name: string, path: string, script: Script, status: number, body: string]>([
  ["a stream that is translated", "/v1/responses", answerStream(chatStream(["hello"])), 200, chatStream(["hello"]).join("")],
  ["compressed bytes that pass", "/v1/messages", compressed, 200, messagesStream(["hello"]).join("")],
  ["a refusal", "/v1/messages", answerJson({ error: { message: "no" } }, 403), 403, '{"error":{"message":"no"}}'],
])("a trace with bodies has what the server sent: %s", async (_, path, script, status, body) => {
  const { proxy, replies } = await start(script, true);
  const asked = path === "/v1/messages" ? messagesRequest() : { model: "m", stream: true, input: "hi" };
  const answer = await proxy.post(path, asked, { "accept-encoding": "gzip" });
  if (script !== compressed && status === 200) expect(answer.text).toContain("hello");
  await proxy.fact("reply");
  expect(replies()).toEqual([{ status, body }]);
});

it("a key that a command gave anew does not show in what a server repeats of it", async () => {
  const keys = ["zebra-crossing-7"];
  const repeated: Script = (request, response, incoming) =>
    answerJson({ error: { message: `no: ${request.headers.authorization}` } }, 401)(request, response, incoming);
  const { proxy, replies } = await start(repeated, true, { renewSecrets: async () => ({ keys, headers: {} }) });
  await proxy.post("/v1/messages", messagesRequest());
  expect(replies().map(({ body }) => body)).toEqual([
    '{"error":{"message":"no: undefined"}}',
    '{"error":{"message":"no: Bearer [redacted]"}}',
  ]);
});

it("no other trace has it", async () => {
  const { proxy, replies } = await start(answerStream(messagesStream(["hello"])), false);
  await proxy.post("/v1/messages", messagesRequest());
  await proxy.fact("answered");
  expect(replies()).toEqual([]);
});

it("of a reply that unfolds to far more than was sent, the beginning is copied", async () => {
  const { proxy, replies } = await start((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
    response.end(gzipSync(": waiting\n\n".repeat(500_000)));
  }, true);
  await proxy.post("/v1/messages", messagesRequest(), { "accept-encoding": "gzip" });
  await proxy.fact("reply");
  expect(replies().map(({ body }) => String(body).length)).toEqual([1024 * 1024]);
});

it("a reply that is broken off is copied as far as it came", async () => {
  const { proxy, replies } = await start((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": begun\n\n");
    setTimeout(() => response.destroy(), 50);
  }, true);
  await proxy.post("/v1/messages", messagesRequest());
  await proxy.fact("reply");
  expect(replies()[0]).toEqual({ status: 200, body: ": begun\n\n" });
});
