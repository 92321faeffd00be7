import { describe, expect, it } from "vitest";
import type { Profile } from "../../src/route/target.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { eventsOf, launch } from "../support/proxy.ts";
import { readResponsesStream } from "../support/responses-grammar.ts";
import { answerJson, answerStream, answerText, chatStream, pause, type Script, startUpstream } from "../support/upstream.ts";

const open = closedAfterEachTest();

/** A proxy before one server, which speaks chat or the client's own wire. */
async function start(speaks: "chat" | "responses", script: Script, quirks = {}, over: Partial<Profile> = {}) {
  const upstream = await startUpstream(script);
  const provider = providerAt(upstream.url, { speaks: wiresAt(`${upstream.url}/v1`, speaks), quirks }, { quirks });
  const proxy = await launch(profileOf([targetOf(provider, "m")], over));
  open.push(proxy, upstream);
  return { proxy, upstream };
}

const completion = (text: string) => ({
  id: "c",
  object: "chat.completion",
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage: { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105 },
});
const says = (text: string): Script => answerJson(completion(text));
const asked = (over: object = {}) => ({ model: "m", input: "one", ...over });
const nativeReply = { id: "resp_theirs", object: "response", status: "completed", output: [], usage: null };

describe("previous_response_id", () => {
  it.each([false, true])("brings the history back for a server that keeps none (stream: %s)", async (stream) => {
    const reply: Script = (request, response, incoming) =>
      (stream ? answerStream(chatStream(["first"])) : says("first"))(request, response, incoming);
    const { proxy, upstream } = await start("chat", reply);
    const first = await proxy.post("/v1/responses", asked({ stream }));
    const id = stream ? eventsOf(first.text).at(-1)?.data.response.id : first.json.id;
    const second = await proxy.post("/v1/responses", asked({ input: "two", stream, previous_response_id: id }));
    expect(second.status).toBe(200);
    expect(JSON.parse(upstream.requests[1]?.text ?? "").messages).toEqual([
      { role: "user", content: "one" },
      { role: "assistant", content: "first" },
      { role: "user", content: "two" },
    ]);
    const answered = stream ? eventsOf(second.text).at(-1)?.data.response : second.json;
    expect(answered.previous_response_id).toBe(id);
  });

  it("of a reply that nobody kept is refused without a request", async () => {
    const { proxy, upstream } = await start("chat", says("x"));
    const unstored = await proxy.post("/v1/responses", asked({ store: false }));
    for (const id of [unstored.json.id, "resp_unknown"]) {
      const answer = await proxy.post("/v1/responses", asked({ previous_response_id: id }));
      expect(answer).toMatchObject({ status: 400, json: { error: { code: "previous_response_not_found" } } });
    }
    expect(upstream.requests).toHaveLength(1);
  });

  it("is read once where the reply is deleted before the server has answered for good", async () => {
    const refused = answerJson({ error: { message: "Unsupported parameter: 'temperature' is not supported with this model." } }, 400);
    const uncounted = answerStream(chatStream(["end"]).slice(0, 3));
    const scripts: Script[] = [says("first"), refused, uncounted];
    const { proxy, upstream } = await start("chat", async (...given) => {
      if (scripts.length === 2) await proxy.get(`/v1/responses/${first.json.id}`, {}, "DELETE");
      return scripts.shift()?.(...given);
    });
    const first = await proxy.post("/v1/responses", asked());
    const second = await proxy.post(
      "/v1/responses",
      asked({ input: "two", stream: true, temperature: 0.5, previous_response_id: first.json.id }),
    );
    expect(upstream.requests).toHaveLength(3);
    expect(eventsOf(second.text).at(-1)?.name).toBe("response.completed");
  });

  it("is the provider's own business where bytes pass", async () => {
    const { proxy, upstream } = await start("responses", answerJson(nativeReply));
    const body = `{ "model":"m",  "input":"two", "previous_response_id":"resp_theirs" }`;
    const answer = await proxy.post("/v1/responses", body);
    expect(upstream.requests[0]?.text).toBe(body);
    expect(answer.text).toBe(JSON.stringify(nativeReply));
  });
});

describe("/v1/responses/{id}", () => {
  it("comes to an end of what it lists also where items have one id", async () => {
    const { proxy } = await start("chat", says("first"));
    const input = ["a", "b", "a"].map((text) => ({ id: `msg_${text}`, role: "user", content: [{ type: "input_text", text }] }));
    const { json } = await proxy.post("/v1/responses", asked({ input }));
    const list = async (query: string) => (await proxy.get(`/v1/responses/${json.id}/input_items?order=asc${query}`)).json;
    const { data } = await list("");
    expect(new Set(data.map(({ id }: { id: string }) => id)).size).toBe(3);
    expect(await list(`&after=${data[2].id}`)).toMatchObject({ data: [], has_more: false });
  });

  it("lists what the reply was asked with, page by page and with what went before", async () => {
    const { proxy } = await start("chat", says("first"));
    const first = await proxy.post("/v1/responses", asked());
    const path = ["a", "b"].map((text) => ({ role: "user", content: [{ type: "input_text", text }] }));
    const second = await proxy.post("/v1/responses", asked({ input: path, previous_response_id: first.json.id }));
    const list = async (query: string) => (await proxy.get(`/v1/responses/${second.json.id}/input_items${query}`)).json;
    const all = await list("?order=asc");
    expect(all).toMatchObject({ object: "list", has_more: false, first_id: all.data[0].id, last_id: all.data[3].id });
    expect(
      all.data.map(({ type, role, content }: { type: string; role: string; content: [{ text: string }] }) => [type, role, content[0].text]),
    ).toEqual([
      ["message", "user", "one"],
      ["message", "assistant", "first"],
      ["message", "user", "a"],
      ["message", "user", "b"],
    ]);
    const page = await list("?limit=3");
    expect(page).toMatchObject({ has_more: true, data: all.data.slice(1).reverse() });
    expect(await list(`?limit=3&after=${page.last_id}`)).toMatchObject({ has_more: false, data: [all.data[0]] });
    expect(await proxy.get("/v1/responses/resp_unknown/input_items")).toMatchObject({ status: 404 });
    expect(await proxy.get(`/v1/responses/${second.json.id}/input_items`, {}, "DELETE")).toMatchObject({ status: 404 });
  });

  it("is the reply as it was written, as long as the client wanted it kept", async () => {
    const { proxy } = await start("chat", says("first"));
    const { json } = await proxy.post("/v1/responses", asked());
    expect(await proxy.get(`/v1/responses/${json.id}`)).toMatchObject({ status: 200, json });
    expect(await proxy.get(`/v1/responses/${json.id}?include[]=x&stream=false`)).toMatchObject({ status: 200, json });
    const streamed = await proxy.get(`/v1/responses/${json.id}?stream=true&starting_after=3`);
    expect(streamed).toMatchObject({ status: 400, json: { error: { type: "invalid_request_error", param: "stream" } } });
    const gone = (await proxy.post("/v1/responses", asked())).json.id;
    const deleted = { id: gone, object: "response", deleted: true };
    expect(await proxy.get(`/v1/responses/${gone}`, {}, "DELETE")).toMatchObject({ status: 200, json: deleted });
    const unstored = await proxy.post("/v1/responses", asked({ store: false }));
    for (const id of [gone, unstored.json.id, "resp_unknown"]) {
      const answer = await proxy.get(`/v1/responses/${id}`);
      expect(answer).toMatchObject({ status: 404, json: { error: { code: "response_not_found", param: "response_id" } } });
    }
  });
});

describe("a reply in the background", () => {
  it.each(["chat", "responses"] as const)("is refused before a server of %s works on what nobody could ask it for", async (wire) => {
    const { proxy, upstream } = await start(wire, answerJson({ ...nativeReply, status: "queued" }));
    const answer = await proxy.post("/v1/responses", asked({ background: true }));
    expect(answer).toMatchObject({ status: 400, json: { error: { param: "background" } } });
    expect(upstream.requests).toHaveLength(0);
  });

  it("passes where it is streamed to whom asked", async () => {
    const { proxy, upstream } = await start("responses", answerStream(["data: {}\n\n"]));
    const body = JSON.stringify(asked({ background: true, stream: true }));
    await proxy.post("/v1/responses", body);
    expect(upstream.requests[0]?.text).toBe(body);
  });
});

describe("/v1/responses/compact", () => {
  const conversation = {
    model: "m",
    input: [
      { role: "user", content: "build it" },
      { role: "assistant", content: "built" },
    ],
  };

  it("is a summary by the model, which the next request understands", async () => {
    const { proxy, upstream } = await start("chat", says("SUMMARY"));
    const { status, json } = await proxy.post("/v1/responses/compact", conversation);
    expect({ status, object: json.object, usage: json.usage.total_tokens }).toEqual({
      status: 200,
      object: "response.compaction",
      usage: 105,
    });
    expect(JSON.parse(upstream.requests[0]?.text ?? "")).toMatchObject({ messages: [{ content: "build it" }, { content: "built" }, {}] });
    await proxy.post("/v1/responses", { model: "m", input: [...json.output, { role: "user", content: "go on" }] });
    expect(upstream.requests[1]?.text).toContain("SUMMARY");
  });

  it("is the provider's own where it has one, byte for byte", async () => {
    const own = '{"object":"response.compaction",  "output":[]}';
    const { proxy, upstream } = await start("responses", answerText(own, 200, { "content-type": "application/json" }));
    const answer = await proxy.post("/v1/responses/compact", conversation);
    expect(answer.text).toBe(own);
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/v1/responses/compact"]);
  });

  it("is asked of the model where a server of the wire has no such endpoint", async () => {
    const reply = { ...nativeReply, output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "SHORT" }] }] };
    const { proxy, upstream } = await start("responses", (request, response, incoming) =>
      (request.path.endsWith("/compact") ? answerJson({ detail: "Not Found" }, 404) : answerJson(reply))(request, response, incoming),
    );
    const { status, json } = await proxy.post("/v1/responses/compact", conversation);
    expect(status).toBe(200);
    await proxy.post("/v1/responses", { model: "m", input: json.output });
    expect(upstream.requests.at(-1)).toMatchObject({ path: "/v1/responses", text: expect.stringContaining("SHORT") });
  });

  it.each([
    ["a body without a model", { input: "x" }],
    ["a body without input", { model: "m" }],
  ])("refuses %s", async (_name, body) => {
    const { proxy } = await start("chat", says("x"));
    expect(await proxy.post("/v1/responses/compact", body)).toMatchObject({
      status: 400,
      json: { error: { type: "invalid_request_error" } },
    });
  });
});

describe("/v1/responses/input_tokens", () => {
  it("is an estimate that says so", async () => {
    const { proxy, upstream } = await start("chat", says("x"));
    const { status, headers, json } = await proxy.post("/v1/responses/input_tokens", asked({ input: "word ".repeat(1000) }));
    expect({ status, estimate: headers["x-fcc-estimate"], object: json.object }).toEqual({
      status: 200,
      estimate: "true",
      object: "response.input_tokens",
    });
    expect(json.input_tokens).toBeGreaterThan(900);
    expect(upstream.requests).toHaveLength(0);
  });

  it("is the provider's own count where it has one", async () => {
    const counts = answerJson({ object: "response.input_tokens", input_tokens: 77 });
    const { proxy, upstream } = await start("responses", counts, { countsTokens: true });
    const answer = await proxy.post("/v1/responses/input_tokens", asked());
    expect(answer.json).toEqual({ object: "response.input_tokens", input_tokens: 77 });
    expect(answer.headers).not.toHaveProperty("x-fcc-estimate");
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/v1/responses/input_tokens"]);
  });
});

describe("the door", () => {
  it("sends a WebSocket back to HTTP, and keeps an offer of HTTP/2 out of the way", async () => {
    const { proxy } = await start("chat", says("hello"));
    const websocket = await proxy.get("/v1/responses", {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
    });
    expect(websocket.status).toBe(426);
    const offered = await proxy.post("/v1/responses", asked(), { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c" });
    expect(offered.json.output[0].content[0].text).toBe("hello");
  });
});

describe("tools of kinds that a server does not know", () => {
  const group = { type: "namespace", name: "agents", tools: [{ type: "function", name: "close", parameters: { type: "object" } }] };
  const given = { model: "m", input: "go", tools: [group, { type: "custom", name: "patch" }, { type: "web_search" }] };
  const call = { id: "fc_1", type: "function_call", call_id: "c1", name: "agents__close", arguments: "{}", status: "completed" };

  it("become functions after its first refusal, in that request and in those after it", async () => {
    const strict: Script = (request, response, incoming) => {
      const odd = JSON.parse(request.text).tools.find((tool: { type: string }) => tool.type !== "function");
      const refusal = { error: { message: `Unsupported tool type: ${odd?.type}`, type: "invalid_request_error" } };
      return odd === undefined
        ? answerJson({ ...nativeReply, output: [call] })(request, response, incoming)
        : answerJson(refusal, 400)(request, response, incoming);
    };
    const { proxy, upstream } = await start("responses", strict);
    const first = await proxy.post("/v1/responses", given);
    expect(first.json.output).toMatchObject([{ type: "function_call", name: "close", namespace: "agents" }]);
    expect(upstream.requests).toHaveLength(3);
    expect(JSON.parse(upstream.requests[2]?.text ?? "").tools.map(({ name }: { name: string }) => name)).toEqual([
      "patch",
      "agents__close",
    ]);
    await proxy.post("/v1/responses", given);
    expect(upstream.requests).toHaveLength(4);
    const plain = { model: "m", input: "go", tools: [] };
    await proxy.post("/v1/responses", JSON.stringify(plain));
    expect(upstream.requests[4]?.text).toBe(JSON.stringify(plain));
  });
});

describe("signs of life before a reply", () => {
  it("are the beginning of the one stream, whatever comes after", async () => {
    const slow: Script = async (request, response, incoming) => {
      await pause(120);
      await answerStream(chatStream(["late"]))(request, response, incoming);
    };
    const { proxy } = await start("chat", slow, {}, { keepAliveAfter: 30 });
    const told = eventsOf((await proxy.post("/v1/responses", asked({ stream: true }))).text);
    expect(told.filter(({ name }) => name === "response.created")).toHaveLength(1);
    expect(told.filter(({ name }) => name === "response.in_progress").length).toBeGreaterThan(1);
    expect(told.map(({ data }) => data.sequence_number)).toEqual(told.map((_, index) => index));
    expect(told.at(-1)?.name).toBe("response.completed");
  });

  it("are the beginning of the one stream also where bytes would pass", async () => {
    const reply = {
      ...nativeReply,
      output: [{ id: "msg_1", type: "message", role: "assistant", content: [{ type: "output_text", text: "late" }] }],
    };
    const theirs = [
      { type: "response.created", sequence_number: 0, response: { ...nativeReply, status: "in_progress" } },
      { type: "response.output_item.done", sequence_number: 1, output_index: 0, item: reply.output[0] },
      { type: "response.completed", sequence_number: 2, response: reply },
    ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    const slow: Script = async (_request, response) => {
      await pause(100);
      response.writeHead(200, { "content-type": "text/event-stream" }).end(theirs.join(""));
    };
    const { proxy } = await start("responses", slow, {}, { keepAliveAfter: 30 });
    const told = readResponsesStream((await proxy.post("/v1/responses", asked({ stream: true }))).text);
    expect(told).toMatchObject({ problems: [], ended: "completed", items: [{ content: [{ text: "late" }] }] });
  });

  it("are followed by the failure in the same stream", async () => {
    const failing: Script = async (_request, response) => {
      await pause(100);
      response.writeHead(500, { "content-type": "application/json" }).end('{"error":{"message":"boom"}}');
    };
    const { proxy } = await start("chat", failing, {}, { keepAliveAfter: 30 });
    const told = eventsOf((await proxy.post("/v1/responses", asked({ stream: true }))).text);
    expect(told.map(({ data }) => data.sequence_number)).toEqual(told.map((_, index) => index));
    expect(told.at(-1)).toMatchObject({
      name: "response.failed",
      data: { response: { error: { message: expect.stringContaining("boom") } } },
    });
  });
});
