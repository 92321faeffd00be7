import { describe, expect, it } from "vitest";
import type { Quirks } from "../../src/model/quirks.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { providerAt, wiresAt } from "../support/provider.ts";
import { agent, messagesRequest, saidIn } from "../support/proxy.ts";
import { serving } from "../support/serving.ts";
import { answerJson, answerStream, chatStream, messagesStream, pause, refusal, type Script } from "../support/upstream.ts";

const serve = serving(closedAfterEachTest());

const ofMessages = (url: string) => providerAt(url, { speaks: wiresAt(url, "messages") });

/** A server of both wires that counts each prompt as `tokens`; `chat` only where it is not to be asked natively. */
async function start(
  tokens: number | undefined,
  window: number,
  over: { readonly quirks?: Quirks; readonly native?: boolean; readonly count?: Script } = {},
) {
  let counted = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const script: Script = async (request, response, incoming) => {
    if (request.path.endsWith("/count_tokens")) {
      counted += 1;
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await (over.count ?? answerJson({ input_tokens: tokens }))(request, response, incoming);
      atOnce -= 1;
      return;
    }
    const stream = request.path.includes("messages") ? messagesStream(["hello"]) : chatStream(["hello"]);
    await answerStream(stream)(request, response, incoming);
  };
  const quirks = { countsTokens: tokens !== undefined, ...over.quirks };
  const provider = (url: string) => {
    const speaks = { chat: { baseUrl: `${url}/v1` }, messages: { baseUrl: url } };
    const better = over.native ? {} : ({ better: { messages: { wire: "chat", reason: "for this test" } } } as const);
    return providerAt(url, { speaks }, { quirks, speaks, ...better });
  };
  const { upstream, proxy } = await serve(script, { provider, windowOf: () => window });
  const sent = () =>
    upstream.requests
      .filter(({ path }) => !path.endsWith("/count_tokens"))
      .map(({ path, json }) => ({ path, output: (json as { readonly max_tokens?: number }).max_tokens }));
  return { proxy, sent, counted: () => counted, mostAtOnce: () => mostAtOnce };
}

const words = (count: number, over: Record<string, unknown> = {}) =>
  messagesRequest({ messages: [{ role: "user", content: "word ".repeat(count) }], ...over });

describe("a prompt near the window", () => {
  it("is counted by the server itself, and sent where it fits", async () => {
    const { proxy, sent, counted } = await start(900, 1000);
    expect(saidIn((await proxy.post("/v1/messages", words(800))).text)).toBe("hello");
    expect(counted()).toBe(1);
    expect(sent()).toHaveLength(1);
  });

  it("is counted with tools as they will be sent", async () => {
    let asked: unknown;
    const count: Script = async (request, ...exchange) => {
      asked = request.json;
      await answerJson({ input_tokens: 900 })(request, ...exchange);
    };
    const { proxy } = await start(900, 1000, { count });
    await proxy.post("/v1/messages", words(800, { tools: [{ name: "t", input_schema: { required: ["a"] } }] }));
    expect(asked).toMatchObject({ tools: [{ input_schema: { type: "object", properties: {}, required: ["a"] } }] });
  });

  it("is refused with the server's figure where it does not", async () => {
    const { proxy, sent } = await start(1001, 1000);
    const answer = await proxy.post("/v1/messages", words(600));
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toBe("prompt is too long: 1001 tokens > 1000 maximum");
    expect(sent()).toHaveLength(0);
  });

  it("costs no question where it fits by any estimate", async () => {
    const { proxy, counted } = await start(100, 10_000);
    await proxy.post("/v1/messages", words(600));
    expect(counted()).toBe(0);
  });

  it("is told with both figures where the server names one or none", async () => {
    const over = async (message: string, window: number | undefined, count: number) => {
      const { proxy } = await serve(answerJson({ error: { message } }, 400), { windowOf: () => window });
      return (await proxy.post("/v1/messages", words(count))).json.error.message;
    };
    const bare = "Input is too long for requested model.";
    const named = "The input token count exceeds the maximum number of tokens allowed 100.";
    expect(await over(named, undefined, 600)).toMatch(/^prompt is too long: \d{3} tokens > 100 maximum$/);
    expect(await over(named, undefined, 2)).toBe("prompt is too long: 101 tokens > 100 maximum");
    expect(await over(bare, 900, 600)).toMatch(/^prompt is too long: 9\d\d tokens > 900 maximum$/);
    expect(await over(bare, 100_000, 600)).toBe("prompt is too long: it does not fit into the model's context window");
    expect(await over(bare, undefined, 600)).toBe("prompt is too long: it does not fit into the model's context window");
  });

  it("is refused by the estimate where the server would cut it without a word", async () => {
    const { proxy, sent } = await start(undefined, 1000, { quirks: { nativeFaults: ["silent-truncation"] } });
    expect((await proxy.post("/v1/messages", words(700))).json.error.message).toMatch(/^prompt is too long: \d+ tokens > 1000 maximum$/);
    expect(sent()).toHaveLength(0);
  });
});

describe("the output beside it", () => {
  it("is what the window leaves, also where the client's own bytes could pass", async () => {
    const { proxy, sent } = await start(300, 2000, { native: true });
    await proxy.post("/v1/messages", words(200, { max_tokens: 32_000 }));
    expect(sent()[0]?.path).toBe("/v1/messages");
    const asked = sent()[0]?.output;
    expect(asked).toBeLessThanOrEqual(2000 - 200);
    expect(asked).toBeGreaterThan(1000);
  });

  it.each([
    ["what the row knows of the model", {}, 4096],
    ["what the profile says over it", { maxOutput: 8000 }, 8000],
  ])("is no more than %s", async (_, over, most) => {
    const provider = (url: string) => providerAt(url, {}, { limits: { m: { maxOutput: 4096 } } });
    const { upstream, proxy } = await serve(answerStream(chatStream(["hello"])), { provider, target: over });
    await proxy.post("/v1/messages", words(2, { max_tokens: 32_000 }));
    expect(upstream.requests.at(-1)?.json).toMatchObject({ max_tokens: most });
  });

  it("leaves room for the prompt where the limit goes by another name, at a provider in the cloud too", async () => {
    const quirks = { maxTokensField: "max_completion_tokens" } as const;
    const provider = (url: string) => providerAt(url, {}, { kind: "cloud", quirks });
    const { upstream, proxy } = await serve(answerStream(chatStream(["hello"])), { provider, windowOf: () => 1000 });
    await proxy.post("/v1/chat/completions", { ...words(600, { max_tokens: 900 }), x: 1 });
    const sent = upstream.requests.at(-1)?.json as { readonly max_completion_tokens: number; readonly x: unknown };
    expect(sent.max_completion_tokens).toBeLessThan(400);
    expect(sent.x).toBe(1);
  });

  it("is the client's where both fit, byte for byte", async () => {
    const { proxy, sent } = await start(300, 200_000, { native: true });
    await proxy.post("/v1/messages", words(200, { max_tokens: 32_000 }));
    expect(sent()[0]?.output).toBe(32_000);
  });
});

describe("thirty counts at once, as /context asks for", () => {
  const many = (proxy: { post(path: string, body: unknown): Promise<{ readonly json: { input_tokens: number } }> }) =>
    Promise.all(Array.from({ length: 30 }, (_, index) => proxy.post("/v1/messages/count_tokens", words(index + 1))));

  it("reach the server two at a time, and each only once", async () => {
    const { proxy, counted, mostAtOnce } = await start(7, 1000, {
      count: async (...exchange) => {
        await pause(5);
        await answerJson({ input_tokens: 7 })(...exchange);
      },
    });
    expect((await many(proxy)).every(({ json }) => json.input_tokens === 7)).toBe(true);
    await many(proxy);
    expect(counted()).toBe(30);
    expect(mostAtOnce()).toBe(2);
  });

  it("do not wait for a server that is busy: an estimate answers, and it is left alone", async () => {
    const { proxy, counted } = await start(7, 1000, { count: () => pause(60_000) });
    const before = performance.now();
    expect((await many(proxy)).every(({ json }) => json.input_tokens > 7)).toBe(true);
    expect(performance.now() - before).toBeLessThan(4000);
    await many(proxy);
    expect(counted()).toBe(2);
  });
});

describe("an output that the window does not hold beside the prompt", () => {
  const said =
    "'max_tokens' is too large: 32000. This model's maximum context length is 65536 tokens and your request has 38000 input tokens.";
  const refuse = refusal(said);

  it("is told with all figures where the bytes pass, so that the client asks for less", async () => {
    const { upstream, proxy } = await serve(refuse, { provider: ofMessages });
    const answer = await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }), agent);
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain("input length and `max_tokens` exceed context limit: 38000 + 32000 > 65536");
    expect(upstream.requests).toHaveLength(1);
  });

  /** SiliconFlow, with a prompt of `tokens`. */
  const sums = (tokens: number): Script => {
    return async (request, ...exchange) => {
      const total = tokens + Number((request.json as { readonly max_tokens?: number }).max_tokens);
      const message = `max_total_tokens (${total}) must be less than or equal to max_seq_len (32768)`;
      await (total > 32_768 ? answerJson({ code: 20015, message }, 400) : answerStream(chatStream(["hello"])))(request, ...exchange);
    };
  };

  it.each([
    ["an agent of another wire", "/v1/messages", messagesRequest({ max_tokens: 32_000 })],
    [
      "a chat client, whose bytes pass",
      "/v1/chat/completions",
      { model: "m", stream: true, max_tokens: 32_000, messages: words(1).messages },
    ],
  ])("is what the window leaves where a server names the sum, for %s", async (_, path, body) => {
    const { upstream, proxy } = await serve(sums(12_000));
    expect((await proxy.post(path, body)).text).toContain("hello");
    expect(upstream.requests.map(({ json }) => json)).toMatchObject([{ max_tokens: 32_000 }, { max_tokens: 32_768 - 12_000 - 64 }]);
  });

  const refuses = (says: (output: number) => string | undefined): Script => {
    return async (request, ...exchange) => {
      const message = says(Number((request.json as { readonly max_tokens?: number }).max_tokens));
      await (message === undefined ? answerStream(chatStream(["hello"])) : answerJson({ error: { message } }, 400))(request, ...exchange);
    };
  };
  const outputs = (requests: readonly { readonly json: unknown }[]) =>
    requests.map(({ json }) => (json as { readonly max_tokens?: number }).max_tokens);

  it("is no matter where the figure does not change with it, so that it was the prompt's alone", async () => {
    const message = "This model's maximum context length is 32768 tokens, however you requested 40000 tokens.";
    const { upstream, proxy } = await serve(refuses(() => message));
    const answer = await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }), agent);
    expect(answer.json.error.message).toBe("prompt is too long: 40000 tokens > 32768 maximum");
    expect(outputs(upstream.requests)).toEqual([32_000, 24_704]);
  });

  /** vLLM, which counts a prompt of `tokens` only as far as the output leaves room. */
  const bounds = [
    (output: number, counted: number) =>
      `This model's maximum context length is 32768 tokens. However, you requested ${output} output tokens and your prompt contains at least ${counted} input tokens`,
    (output: number, counted: number) =>
      `You passed ${counted} input tokens and requested ${output} output tokens. However, the model's context length is only 32768 tokens, resulting in a maximum input length of ${counted - 1} tokens.`,
  ];
  const counts = (tokens: number, sentence: (output: number, counted: number) => string) =>
    refuses((output) => (tokens + output > 32_768 ? sentence(output, 32_768 - output + 1) : undefined));

  it.each(bounds)("is a quarter where vLLM counted the prompt only as far as the output left room", async (sentence) => {
    const { upstream, proxy } = await serve(counts(20_000, sentence));
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }))).text)).toBe("hello");
    expect(outputs(upstream.requests)).toEqual([32_000, 7999]);
  });

  it("is asked for less of where the bytes pass too, if the prompt was not counted to its end", async () => {
    const script: Script = async (request, ...exchange) => {
      const output = (request.json as { readonly max_tokens: number }).max_tokens;
      const tooMuch = refusal(bounds[1]?.(output, 32_768 - output + 1) ?? "");
      await (20_000 + output > 32_768 ? tooMuch : answerStream(messagesStream(["hello"])))(request, ...exchange);
    };
    const { upstream, proxy } = await serve(script, { provider: ofMessages });
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }), agent)).text)).toBe("hello");
    expect(outputs(upstream.requests)).toEqual([32_000, 7999]);
  });

  it.each(bounds)("is the prompt's where hardly any output is left and vLLM still counts no further", async (sentence) => {
    const { upstream, proxy } = await serve(counts(40_000, sentence));
    const answer = await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }), agent);
    expect(answer.json.error.message).toBe("prompt is too long: it does not fit into the maximum of 32768 tokens");
    expect(outputs(upstream.requests)).toEqual([32_000, 7999, 1999, 499]);
  });

  it("is asked for less of where several replies are asked for, which only the client's bytes can do", async () => {
    const reply = { choices: [0, 1].map((index) => ({ index, message: { role: "assistant", content: "hello" }, finish_reason: "stop" })) };
    const whole: Script = async (request, ...exchange) => {
      const fits = Number((request.json as { readonly max_tokens?: number }).max_tokens) <= 20_768;
      await (fits ? answerJson(reply) : sums(12_000))(request, ...exchange);
    };
    const { upstream, proxy } = await serve(whole);
    const body = { model: "m", n: 2, max_tokens: 32_000, messages: words(1).messages };
    expect((await proxy.post("/v1/chat/completions", body)).json).toEqual(reply);
    expect(upstream.requests.map(({ json }) => json)).toEqual([body, { ...body, max_tokens: 20_704 }]);
  });

  it("is no matter where the prompt alone does not fit", async () => {
    const { upstream, proxy } = await serve(sums(40_000));
    const answer = await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }), agent);
    expect(answer.json.error.message).toBe("prompt is too long: 40000 tokens > 32768 maximum");
    expect(upstream.requests).toHaveLength(1);
  });
});
