import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { closedAfterEachTest } from "../../support/closing.ts";
import { isDepthBounded } from "../../support/depth.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../../support/provider.ts";
import { agent, eventsOf, launch, messagesRequest, saidIn } from "../../support/proxy.ts";
import { serving } from "../../support/serving.ts";
import {
  answerJson,
  answerStream,
  answerText,
  chatStream,
  cutAfter,
  event,
  pause,
  type Script,
  silence,
  startUpstream,
} from "../../support/upstream.ts";

const open = closedAfterEachTest();

const start = serving(open);

const whole = {
  id: "chatcmpl-9",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "hello there" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
};

it.each<[path: string, wire: "chat" | "messages", id: RegExp]>([
  ["/v1/messages", "chat", /"id":"toolu_\d+","name":"Read"/],
  ["/v1/responses", "chat", /"call_id":"call_\d+","name":"Read"/],
  ["/v1/responses", "messages", /"call_id":"call_\d+","name":"Read"/],
  ["/v1/chat/completions", "messages", /"id":"call_\d+","type":"function","function":\{"name":"Read"/],
])("a call without an id gets one of the client's wire: %s from %s", async (path, wire, id) => {
  const calls = {
    chat: {
      choices: [{ message: { tool_calls: [{ function: { name: "Read", arguments: '{"path":"a"}' } }] }, finish_reason: "tool_calls" }],
    },
    messages: { type: "message", content: [{ type: "tool_use", name: "Read", input: { path: "a" } }], stop_reason: "tool_use" },
  };
  const { proxy } = await start(answerJson(calls[wire]), { provider: (url) => providerAt(url, { speaks: wiresAt(url, wire) }) });
  const { messages, model } = messagesRequest();
  const answer = await proxy.post(path, { model, max_tokens: 99, ...(path.endsWith("responses") ? { input: "hi" } : { messages }) });
  expect(answer.text).toMatch(id);
});

describe("a beta that a program of OpenAI's SDK sets for Anthropic's servers", () => {
  const message = "Unexpected value(s) `b-2026-01-01` for the `anthropic-beta` header.";
  const refusal = answerJson({ type: "error", error: { type: "invalid_request_error", message } }, 400);
  const reply = answerJson({ type: "message", content: [{ type: "text", text: "hi" }], stop_reason: "end_turn" });

  async function sent(path: string, wire: "chat" | "messages", ...scripts: readonly Script[]) {
    let count = 0;
    const script: Script = (...exchange) => scripts[count++]?.(...exchange);
    const { upstream, proxy } = await start(script, { provider: (url) => providerAt(url, { speaks: { [wire]: { baseUrl: url } } }) });
    const said = path.endsWith("responses") ? { input: "hi" } : { messages: messagesRequest().messages };
    await proxy.post(path, { model: "m", ...said }, { "anthropic-beta": "a-2026-01-01,b-2026-01-01" });
    return upstream.requests.map(({ headers }) => headers["anthropic-beta"]);
  }

  it.each(["/v1/chat/completions", "/v1/responses"])("reaches a Messages server, but for one that it refuses: %s", async (path) => {
    expect(await sent(path, "messages", reply)).toEqual(["a-2026-01-01,b-2026-01-01"]);
    expect(await sent(path, "messages", refusal, reply)).toEqual(["a-2026-01-01,b-2026-01-01", "a-2026-01-01"]);
  });

  it("does not reach a chat server behind another wire", async () => {
    expect(await sent("/v1/responses", "chat", answerJson(whole))).toEqual([undefined]);
  });
});

it.each([false, true])("pages that a Messages server cites are cited to a Responses client: as a stream %s", async (stream) => {
  const page = { type: "web_search_result_location", url: "https://a.example/", title: "A", cited_text: "c" };
  const other = { type: "char_location", cited_text: "c", document_index: 0 };
  const content = [{ type: "text", text: "So it is.", citations: [page, other] }];
  const { proxy } = await start(answerJson({ type: "message", content, stop_reason: "end_turn" }), {
    provider: (url) => providerAt(url, { speaks: { messages: { baseUrl: url } } }),
  });
  const { text } = await proxy.post("/v1/responses", { model: "m", input: "hi", stream });
  const citation = '{"type":"url_citation","start_index":0,"end_index":9,"url":"https://a.example/","title":"A"}';
  expect(text).toContain(`"annotations":[${citation}]`);
  if (stream) expect(text.split('"type":"response.output_text.annotation.added"')).toHaveLength(2);
});

it("a page that a Messages server cites before it says the text is cited to a Responses client, of that text alone", async () => {
  const citation = { type: "web_search_result_location", url: "https://a.example/", title: "A", cited_text: "c" };
  const texts = (index: number, text: string, cites: boolean) => [
    { type: "content_block_start", index, content_block: { type: "text", text: "" } },
    ...(cites ? [{ type: "content_block_delta", index, delta: { type: "citations_delta", citation } }] : []),
    { type: "content_block_delta", index, delta: { type: "text_delta", text } },
    { type: "content_block_stop", index },
  ];
  const events = [
    { type: "message_start", message: { type: "message", role: "assistant", content: [], usage: { input_tokens: 1 } } },
    ...texts(0, "See: ", false),
    ...texts(1, "So it is.", true),
    ...texts(2, " More.", false),
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 5 } },
    { type: "message_stop" },
  ];
  const { proxy } = await start(answerStream(events.map((data) => event(data))), {
    provider: (url) => providerAt(url, { speaks: { messages: { baseUrl: url } } }),
  });
  const { text } = await proxy.post("/v1/responses", { model: "m", input: "hi", stream: true });
  const annotation = '{"type":"url_citation","start_index":0,"end_index":9,"url":"https://a.example/","title":"A"}';
  expect(text).toContain(`"text":"So it is.","annotations":[${annotation}]`);
  expect(text.split('"type":"response.output_text.annotation.added"')).toHaveLength(2);
});

describe("an integer that a double cannot hold", () => {
  const id = "1234567890123456789";
  const schema = `{"type":"object","properties":{"id":{"type":"integer","maximum":${id}}}}`;
  const said = JSON.stringify(`{"id":${id}}`);
  const call = {
    messages: `{"type":"tool_use","id":"c","name":"t","input":{"id":${id}}}`,
    chat: `{"id":"c","type":"function","function":{"name":"t","arguments":${said}}}`,
  };
  const bodies = {
    "/v1/messages": `{"model":"x","max_tokens":9,"tools":[{"name":"t","input_schema":${schema}}],"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[${call.messages}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":{"row":${id}}}]}]}`,
    "/v1/chat/completions": `{"model":"x","tools":[{"type":"function","function":{"name":"t","parameters":${schema}}}],"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[${call.chat}]},{"role":"tool","tool_call_id":"c","content":"row ${id}"}]}`,
    "/v1/responses": `{"model":"x","tools":[{"type":"function","name":"t","parameters":${schema}}],"input":[{"role":"user","content":"q"},{"type":"function_call","call_id":"c","name":"t","arguments":${said}},{"type":"function_call_output","call_id":"c","output":{"row":${id}}}]}`,
  };
  const replies = {
    messages: `{"type":"message","content":[${call.messages}],"stop_reason":"tool_use"}`,
    chat: `{"choices":[{"message":{"tool_calls":[${call.chat}]},"finish_reason":"tool_calls"}]}`,
    responses: `{"status":"completed","output":[{"type":"function_call","call_id":"c","name":"t","arguments":${said}}]}`,
  };
  const pairs = (Object.keys(bodies) as (keyof typeof bodies)[]).flatMap((path) =>
    (Object.keys(replies) as (keyof typeof replies)[]).map((wire) => [path, wire] as const),
  );

  it.each(pairs)("arrives in schemas, calls and results, and comes back in calls: %s by %s", async (path, wire) => {
    const { upstream, proxy } = await start(answerText(replies[wire], 200, { "content-type": "application/json" }), {
      provider: (url) => providerAt(url, { speaks: wiresAt(url, wire) }),
    });
    const answer = await proxy.post(path, bodies[path]);
    expect(upstream.requests[0]?.text.split(id).length).toBe(4);
    expect(answer.text).toMatch(new RegExp(`id\\W+${id}`));
    expect(answer.text).not.toContain("number:");
  });
});

describe("a server that answers in one form only", () => {
  it.each([
    ["This model only supports streaming. Please set stream=true.", true],
    ["stream is not supported for this model", false],
  ])("is asked for that from then on, and the client gets its own: %s", async (message, streams) => {
    const { upstream, proxy } = await start((request, response, incoming) => {
      const streamed = (request.json as { stream?: boolean }).stream === true;
      const reply = streamed ? answerStream(chatStream(["hello there"])) : answerJson(whole);
      return (streamed === streams ? reply : answerJson({ error: { message } }, 400))(request, response, incoming);
    });
    for (const path of ["/v1/messages", "/v1/chat/completions"]) {
      const answer = await proxy.post(path, { ...messagesRequest(), stream: !streams });
      expect(answer.headers["content-type"]).toContain(streams ? "application/json" : "text/event-stream");
      expect(answer.text).toContain("hello there");
    }
    expect(upstream.requests.map((request) => (request.json as { stream?: boolean }).stream)).toEqual([!streams, streams, streams]);
    expect(upstream.requests.at(-1)?.headers.accept).toBe(streams ? "text/event-stream, application/json" : "application/json");
  });
});

describe("a stream", () => {
  it("is translated, and each network read of the provider becomes one write to the client", async () => {
    const { upstream, proxy } = await start(answerStream(["", ...chatStream(["one ", "two ", "three"])], { every: 15 }));
    const opened = await proxy.open("/v1/messages?beta=true", messagesRequest());
    const answer = await opened.whole;
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toContain("text/event-stream");
    expect(saidIn(answer.text)).toBe("one two three");
    const names = eventsOf(answer.text).map(({ name }) => name);
    expect(names[0]).toBe("message_start");
    expect(names.at(-1)).toBe("message_stop");
    // Whole events in every piece that arrives, and the model's name as the client said it.
    for (const chunk of opened.chunks) expect(chunk.toString()).toMatch(/\n\n$/);
    expect(eventsOf(answer.text)[0]?.data.message.model).toBe("claude-sonnet-5-5");
    const sent = upstream.requests[0];
    expect(sent?.path).toBe("/v1/chat/completions");
    expect(sent?.json).toMatchObject({ model: "m", stream: true });
    expect(sent?.headers.authorization).toBeUndefined();
    expect(proxy.facts.map(({ type }) => type)).toEqual(["request", "attempt", "first-token", "answered"]);
    expect(proxy.facts.at(-1)).toMatchObject({ status: 200, usage: { input: 10, output: 5 } });
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("is read through %s, though none was asked for", async (encoding, compress) => {
    const { proxy } = await start(
      answerText(compress(Buffer.from(chatStream(["packed"]).join(""))), 200, {
        "content-type": "text/event-stream",
        "content-encoding": encoding,
      }),
    );
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(saidIn(answer.text)).toBe("packed");
    expect(answer.headers["content-encoding"]).toBeUndefined();
  });

  it("that was cut anywhere is told as a failure, never as an end", async () => {
    const bytes = Buffer.from(chatStream(["one", "two"]).slice(0, -1).join(""));
    const finish = bytes.indexOf('"finish_reason":"stop"');
    const { upstream, proxy } = await start([]);
    for (let at = 0; at < finish; at += 23) {
      upstream.script(cutAfter(at === 0 ? [] : [bytes.subarray(0, at)]));
      const answer = await proxy.post("/v1/messages", messagesRequest());
      if (answer.status === 200) {
        const events = eventsOf(answer.text);
        expect(events.at(-1)?.name).toBe("error");
        expect(events.some(({ name }) => name === "message_stop")).toBe(false);
      } else {
        expect(answer.status).toBeGreaterThanOrEqual(500);
        expect(answer.json.type).toBe("error");
      }
    }
  });

  it("that ends cleanly without an end is told as a failure too", async () => {
    const { proxy } = await start(answerStream(chatStream(["half"]).slice(0, 2)));
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(eventsOf(answer.text).at(-1)?.name).toBe("error");
    expect(proxy.facts.some((fact) => fact.type === "failed")).toBe(true);
  });

  it("that stays open after the reply's end does not keep the client", async () => {
    const { proxy, upstream } = await start(async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const piece of chatStream(["done"])) response.write(piece);
    });
    const before = performance.now();
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(performance.now() - before).toBeLessThan(800);
    expect(saidIn(answer.text)).toBe("done");
    expect((await upstream.requests[0]?.closed)?.early).toBe(true);
  });
});

describe("an answer in another form", () => {
  it("whole JSON to a stream request is written as a stream", async () => {
    const { proxy } = await start(answerJson(whole));
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello there");
  });

  it("whole JSON that is labelled as a stream is read as what it is", async () => {
    const { proxy } = await start(answerText(JSON.stringify(whole), 200, { "content-type": "text/event-stream" }));
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello there");
  });

  it("a stream to a request that wanted none is gathered", async () => {
    const { proxy } = await start(answerStream(chatStream(["a", "b"])));
    const answer = await proxy.post("/v1/messages", messagesRequest({ stream: false }));
    expect(answer.json).toMatchObject({ type: "message", content: [{ type: "text", text: "ab" }], stop_reason: "end_turn" });
  });

  it.each([
    ["a web page", answerText("<!doctype html><title>Login</title>", 200, { "content-type": "text/html" })],
    ["nothing", answerText("", 200, {})],
    ["a choice without a message", answerJson({ id: "c", choices: [{ index: 0, message: null, finish_reason: "stop" }] })],
    ["nothing of JSON", answerText("", 200, { "content-type": "application/json" })],
    ["an error inside 200", answerJson({ error: { message: "no luck", type: "server_error" } })],
    ["an error as the first event", answerStream([event({ error: { message: "no luck", code: 500 } })])],
  ])("%s is a failure with a status, streamed or not", async (_name, script) => {
    for (const stream of [true, false]) {
      const { proxy } = await start(script);
      const answer = await proxy.post("/v1/messages", messagesRequest({ stream }));
      expect(answer.status).toBeGreaterThanOrEqual(500);
      expect(answer.json).toMatchObject({ type: "error", request_id: answer.headers["request-id"] });
    }
  });

  it("that is finished and then neither ends nor says so is over in seconds, streamed or not", async () => {
    const pieces = chatStream(["all of it"]).slice(0, -2);
    const { proxy } = await start((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(pieces.join(""));
    });
    const ask = async (stream: boolean) => {
      const answer = await proxy.post("/v1/messages", messagesRequest({ stream }));
      expect(stream ? saidIn(answer.text) : answer.json.content[0].text).toBe("all of it");
      expect(answer.text).toContain('"stop_reason":"end_turn"');
    };
    await Promise.all([ask(true), ask(false)]);
  });

  it("words with a status of 200 are told, and sorted like any error", async () => {
    const { proxy } = await start(answerText("Too many requests, slow down", 200, { "content-type": "text/plain" }));
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(answer.status).toBe(429);
    expect(answer.json.error.message).toContain("Too many requests, slow down");
  });

  it("a refusal without a word is an overflow where the provider is known for it", async () => {
    const { proxy } = await start(answerText("", 400), { target: { quirks: { wordlessOverflow: true } } });
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(answer.json.error.message).toContain("prompt is too long");
  });

  it("a stream of bare lines is read", async () => {
    const lines = ["a", "b"].map((content) =>
      JSON.stringify({ id: "c", choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
    );
    const last = JSON.stringify({ id: "c", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    const { proxy } = await start(answerText([...lines, last].join("\n"), 200, { "content-type": "application/x-ndjson" }));
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("ab");
  });

  it("a web page names the address that it came from", async () => {
    const { proxy, upstream } = await start(answerText("<html>hotel</html>", 200, { "content-type": "text/html" }));
    expect((await proxy.post("/v1/messages", messagesRequest())).json.error.message).toContain(`${upstream.url}/v1/chat/completions`);
  });

  it("a redirect is not followed and says where it led, without its secrets", async () => {
    const { proxy, upstream } = await start(answerText("", 307, { location: "https://elsewhere.example/v1?key=secret" }));
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain("https://elsewhere.example/v1");
    expect(answer.text).not.toContain("secret");
    expect(upstream.requests.length).toBe(1);
  });

  it("nor its key", async () => {
    const { proxy } = await start(answerText("", 302, { location: "/signed-out/zebra-crossing-7" }), {
      provider: (url) => providerAt(url, { keys: ["zebra-crossing-7"] }),
    });
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(answer.json.error.message).toContain("redirects to http://127.0.0.1:");
    expect(answer.text).not.toContain("zebra");
  });
});

describe("a provider's failure", () => {
  it.each([
    [429, 429, "rate_limit_error"],
    [500, 500, "api_error"],
    [503, 529, "overloaded_error"],
    [400, 400, "invalid_request_error"],
    [401, 400, "policy_blocked"],
    [402, 402, "billing_error"],
    [404, 404, "not_found_error"],
  ])("%i is told as %i %s", async (status, told, type) => {
    const message = status === 404 ? "model m not found" : "because";
    const { proxy } = await start(answerJson({ error: { message } }, status, { "retry-after": "7" }));
    const answer = await proxy.post("/v1/messages", messagesRequest(), agent);
    expect([answer.status, answer.json.error.type]).toEqual([told, type]);
    if (status === 429) expect(answer.headers["retry-after"]).toBe("7");
    expect(answer.headers["request-id"]).toBe(answer.json.request_id);
  });

  it("does not show the key, and names where it came from", async () => {
    const upstream = await startUpstream((request, response) => {
      response
        .writeHead(401, { "content-type": "application/json" })
        .end(JSON.stringify({ error: { message: `bad key ${request.headers.authorization}` } }));
    });
    const provider = providerAt(upstream.url, { keys: ["zebra-crossing-7"], keySource: "BOX_KEY" });
    const proxy = await launch(profileOf([targetOf(provider)]));
    open.push(proxy, upstream);
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect((await proxy.post("/v1/chat/completions", { model: "m", messages: [{ role: "user", content: "hi" }] })).text).not.toContain(
      "zebra",
    );
    expect(upstream.requests[0]?.headers.authorization).toBe("Bearer zebra-crossing-7");
    expect(answer.json.error.message).toContain("refused the key from BOX_KEY");
    upstream.script(answerJson({ error: { message: "Your organization must be verified to use this model." } }, 403));
    const forbidden = (await proxy.post("/v1/messages", messagesRequest())).json.error.message;
    expect(forbidden).toMatch(/refused access with the key from BOX_KEY: Your organization must be verified/);
    expect(answer.text).not.toContain("zebra");
    expect(JSON.stringify(proxy.facts)).not.toContain("zebra");
  });

  it("does not show the key where a server has it as the field that it means either", async () => {
    const { proxy } = await start(answerJson({ error: { message: "no", code: "zebra-crossing-7", param: "zebra-crossing-7" } }, 400), {
      provider: (url) => providerAt(url, { keys: ["zebra-crossing-7"] }),
    });
    const answer = await proxy.post("/v1/chat/completions", { model: "m", messages: [{ role: "user", content: "hi" }] });
    expect(answer.json.error).toMatchObject({ param: "[redacted]" });
    expect(answer.text).not.toContain("zebra");
  });

  it.each([
    "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 140 instead.",
    "'tools' : maximum number of items is 128",
  ])("of too many tools says where they come from: %s", async (message) => {
    const { proxy } = await start(answerJson({ error: { message } }, 400));
    const told = (await proxy.post("/v1/messages", messagesRequest())).json.error.message;
    expect(told).toContain(message);
    expect(told).toContain("MCP server");
  });

  it("a compressed error is read", async () => {
    const { proxy } = await start(
      answerText(gzipSync('{"error":{"message":"the reason"}}'), 400, { "content-encoding": "gzip", "content-type": "application/json" }),
    );
    expect((await proxy.post("/v1/messages", messagesRequest())).json.error.message).toContain("the reason");
  });
});

describe.runIf(isDepthBounded)("what nests too deep to be written ends all the same", () => {
  const nested = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;

  it("arguments of a call, where the client gets them as an object", async () => {
    const call = { id: "t", type: "function", function: { name: "Read", arguments: `{"a":${nested}}` } };
    const message = { role: "assistant", content: null, tool_calls: [call] };
    const { proxy } = await start(answerJson({ ...whole, choices: [{ index: 0, message, finish_reason: "tool_calls" }] }));
    const answer = await proxy.post("/v1/messages", messagesRequest({ stream: false }));
    expect(answer.status).toBe(500);
    expect(answer.json.error.message).toContain("nested too deep");
  });

  it.each([true, false])("what a client has repeated in every event; as a stream: %s", async (stream) => {
    const { proxy } = await start(stream ? answerStream(chatStream(["hi"])) : answerJson(whole));
    const answer = await proxy.post("/v1/responses", `{"model":"x","input":"hi","stream":${stream},"metadata":{"a":${nested}}}`);
    expect(answer.status).toBe(502);
    expect(answer.json.error.message).toContain("nested too deep");
  });

  it("the same where a sign of life is due before the answer", async () => {
    const slow: Script = async (request, response, incoming) => {
      await pause(120);
      return answerStream(chatStream(["hi"]))(request, response, incoming);
    };
    const { proxy } = await start(slow, { profile: { keepAliveAfter: 50 } });
    const answer = await proxy.post("/v1/responses", `{"model":"x","input":"hi","stream":true,"metadata":{"a":${nested}}}`);
    expect(answer.status).toBe(502);
    expect(answer.json.error.message).toContain("nested too deep");
  });
});

describe("going away", () => {
  it("of the client ends the provider's work at once, before and in the middle of the reply", async () => {
    const scripts: Script[] = [silence, answerStream(chatStream(Array(500).fill("x")), { every: 10 })];
    for (const script of scripts) {
      const { proxy, upstream } = await start(script);
      const opened = proxy.open("/v1/messages", messagesRequest());
      const arrived = await upstream.request(1);
      await pause(50);
      if (script === silence) {
        void opened.catch(() => {});
        proxy.abandon();
      } else (await opened).leave();
      expect((await arrived.closed).early).toBe(true);
      await pause(20);
      expect(proxy.facts.at(-1)?.type).toBe("gone");
    }
  });

  it("of the proxy ends both sides", async () => {
    const { proxy, upstream } = await start(answerStream(chatStream(Array(500).fill("x")), { every: 10 }));
    const opened = await proxy.open("/v1/messages", messagesRequest());
    const arrived = await upstream.request(1);
    await proxy.close();
    expect((await opened.whole).cut).toBe(true);
    expect((await arrived.closed).early).toBe(true);
  });
});

describe("a slow client", () => {
  it("makes the provider wait instead of filling the memory", async () => {
    let written = 0;
    const { proxy } = await start(async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const [head = "", body = "", ...rest] = chatStream(["y".repeat(64 * 1024)]);
      response.write(head);
      for (let count = 0; count < 600; count += 1) {
        const room = response.write(body);
        written += body.length;
        if (!room) await new Promise((resolve) => response.once("drain", resolve));
      }
      for (const piece of rest) response.write(piece);
      response.end();
    });
    const opened = await proxy.open("/v1/messages", messagesRequest());
    opened.answer.pause();
    await pause(400);
    const held = written;
    expect(held).toBeLessThan(30 * 1024 * 1024);
    await pause(100);
    expect(written).toBe(held);
    opened.answer.resume();
    const answer = await opened.whole;
    expect(saidIn(answer.text).length).toBe(600 * 64 * 1024);
  });
});
