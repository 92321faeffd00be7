import { describe, expect, it } from "vitest";
import type { Failure } from "../../src/model/failure.ts";
import { readErrorInReply, readFailure } from "../../src/wire/failure.ts";

const now = 1_795_000_000;
const read = (status: number, body: unknown, headers: Record<string, string> = {}): Failure =>
  readFailure({ status, headers, text: typeof body === "string" ? body : JSON.stringify(body) }, now);

const anthropic = (message: string) => ({ type: "error", error: { type: "invalid_request_error", message } });

describe("the shape of an error body", () => {
  it.each<[name: string, body: unknown, message: string]>([
    ["OpenAI's", { error: { message: "boom", type: "x", param: null, code: null } }, "boom"],
    ["Anthropic's", { type: "error", error: { type: "invalid_request_error", message: "boom" }, request_id: "r" }, "boom"],
    ["a string in error (Ollama, xAI)", { code: "x", error: "boom" }, "boom"],
    ["an object in message", { error: { message: { text: 1, message: "boom" } } }, "boom"],
    ["an object in message, of a form of its own", { error: { message: { cause: "boom" } } }, '{"cause":"boom"}'],
    ["FastAPI's list", { detail: [{ loc: ["body", "messages", 0, "role"], msg: "boom", type: "x" }] }, "messages.0.role: boom"],
    ["FastAPI's string", { detail: "boom" }, "boom"],
    ["Mistral's, flat", { object: "error", message: "boom", type: "x", param: null, code: null }, "boom"],
    [
      "vLLM's, as Python shows it",
      {
        error: { message: "1 validation error:\n  {'type': 'literal_error', 'loc': 'body.messages.0.role', 'msg': 'boom', 'input': 'x'}" },
      },
      "messages.0.role: boom",
    ],
    [
      "SGLang's, with all that was sent, and twice",
      {
        object: "error",
        message:
          "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'seed'), 'msg': \"Input should be '1' or '2'\", 'input': 3}\n\n  File \"x.py\", line 1\n    POST /v1/chat/completions [{'type': 'literal_error', 'loc': ('body', 'seed'), 'msg': \"Input should be '1' or '2'\"}]",
      },
      "seed: Input should be '1' or '2'",
    ],
    [
      "Xiaomi's, which says in `param` what is wrong",
      { error: { code: "400", message: "Param Incorrect", param: "assistant content must contain at least one part", type: "" } },
      "Param Incorrect: assistant content must contain at least one part",
    ],
    ["Mistral's, with a list in message", { object: "error", message: { detail: [{ loc: ["body", "stop"], msg: "boom" }] } }, "stop: boom"],
    ["Gemini's list", [{ error: { code: 400, message: "boom", status: "INVALID_ARGUMENT" } }], "boom"],
    ["Cloudflare's", { errors: [{ code: 7000, message: "boom" }], success: false }, "boom"],
    ["MiniMax's", { base_resp: { status_code: 2013, status_msg: "boom" } }, "boom"],
    [
      "ASP.NET's",
      { title: "Some validation errors occurred.", errors: { $: ["boom", "bang"] } },
      "Some validation errors occurred. (boom; bang)",
    ],
    ["a gateway's, around that of another", { error: { type: "request_fail", upstream_error: { error: { message: "boom" } } } }, "boom"],
    ["a body within a message", { error: { message: '{"error":{"message":"boom"}}' } }, "boom"],
    [
      "the upstream's own words under OpenRouter's",
      {
        error: { code: 400, message: "Provider returned error", metadata: { raw: '{"error":{"message":"boom"}}', provider_name: "Acme" } },
      },
      "boom (Acme)",
    ],
    [
      "Azure's, with the reason under a general sentence",
      { error: { code: "Invalid input", message: "invalid input error", details: [{ loc: ["body", "stop"], msg: "boom" }] } },
      "invalid input error (stop: boom)",
    ],
    [
      "Azure's, with an inner error",
      { error: { message: "It is invalid.", innererror: { code: "x", message: "boom" } } },
      "It is invalid. (boom)",
    ],
    [
      "Spring's, with the status' own words in error",
      { timestamp: "2026-01-01T00:00:00Z", status: 400, error: "Bad Request", message: "It went boom", path: "/v1/chat/completions" },
      "It went boom",
    ],
    ["NestJS's, with a list in message", { message: ["It went boom"], error: "Bad Request", statusCode: 400 }, "It went boom"],
    ["OAuth's, with a code in error", { error: "invalid_request", error_description: "It went boom" }, "It went boom"],
    ["a gateway's, with the reason in details", { error: "Bad Request", details: "It went boom" }, "It went boom"],
    ["a sentence in error, and a word beside it", { error: "It went boom", message: "error" }, "It went boom"],
    ["a word in error, and another beside it", { error: "boom", message: "error" }, "boom"],
    ["the status' own words, and nothing readable beside them", { error: "Bad Request", details: [{ field: "x" }] }, "Bad Request"],
    ["problem JSON", { title: "Bad", status: 400, detail: "boom" }, "boom"],
    ["plain text", "boom", "boom"],
    ["a page inside a sentence", { error: { message: "upstream said: <html><body><h1>boom</h1></body></html>" } }, "upstream said: boom"],
    ["a server-sent event", 'event: error\ndata: {"error":{"message":"boom"}}\n\n', "boom"],
  ])("%s", (_, body, message) => {
    expect(read(400, body)).toMatchObject({ kind: "bad-request", origin: "provider", status: 400, message });
  });

  it("what Anthropic says for programs is kept, if it is short", () => {
    const details = (more: object) => ({ type: "error", error: { type: "invalid_request_error", message: "boom", details: more } });
    const coded = { error_code: "image_dimensions_too_large", paths: ["messages.0.content.1"] };
    expect(read(400, details(coded))).toMatchObject({ kind: "bad-request", origin: "provider", message: "boom", details: coded });
    expect(read(400, details({ paths: [] })).details).toBeUndefined();
    expect(read(400, details({ ...coded, paths: ["x".repeat(5000)] })).details).toBeUndefined();
  });

  it.each([
    [
      { code: "string_above_max_length", param: "messages[0].content" },
      { code: "string_above_max_length", param: "messages[0].content" },
    ],
    [{ code: 400, param: null }, {}],
    [{ code: "3051", param: "the model is not there" }, {}],
  ])("what OpenAI says for programs is kept, if it is a word and a place: %j", (said, kept) => {
    const { code, param } = read(400, { error: { message: "no", type: "invalid_request_error", ...said } });
    expect({ code, param }).toEqual({ code: undefined, param: undefined, ...kept });
  });

  it("a page is told by its title, without markup", () => {
    const page = "<!DOCTYPE html><html><head><title>502 Bad&nbsp;Gateway</title><style>p{}</style></head><body><h1>no</h1></body></html>";
    expect(read(502, page)).toMatchObject({ kind: "overloaded", message: "answered 502 with a web page: 502 Bad Gateway" });
  });

  it.each([
    ["its first heading", "<html><body><p>a</p><h1>no <i>way</i></h1></body></html>", "no way"],
    [
      "its words",
      "<html><script>if (a<b) c()</script><body><!-- x --><p>no <b>server</b></p>\n<p>is up</p></body></html>",
      "no server is up",
    ],
  ])("a page without a title is told by %s", (_, page, said) => {
    expect(read(502, page).message).toBe(`answered 502 with a web page: ${said}`);
  });

  it.each([520, 521, 522, 523, 524, 525, 526])("Cloudflare's %i is a short text and may be tried again", (status) => {
    const failure = read(
      status,
      `<html><head><title>x.com | ${status}: Web server is down</title></head>${"<p>x</p>".repeat(9000)}</html>`,
    );
    expect(failure.kind).toBe("overloaded");
    expect(failure.message).not.toContain("<");
    expect(failure.message.length).toBeLessThan(300);
  });

  it("escape sequences and control characters go", () => {
    expect(read(400, { error: { message: "\u001b[31mred\u001b[0m\u0007 and\n\u061cpl\u200eain\u202e" } }).message).toBe("red and\nplain");
  });

  // What grows with the square takes minutes here.
  it.each(["x", "a.b[0].", "sk-", "maximum context length is 5 tokens "])("a long error is read at once: %s, many times", (piece) => {
    expect(read(500, { error: { message: piece.repeat(250_000 / piece.length) } }).message.length).toBeLessThan(1100);
  });

  const deep = `${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}`;
  it.each([
    ["the sentence", `{"error":{"message":${deep}}}`, '{"a":{"a":'],
    ["the place of a complaint", `{"detail":[{"loc":["body",${deep}],"msg":"no"}]}`, '{"a":{"a":'],
    ["the field", `{"error":{"message":"no","loc":[${deep}]}}`, "no"],
    ["the details", `{"error":{"message":"no","details":{"error_code":"x","more":${deep}}}}`, "no"],
    ["a header of the server behind it", `{"error":{"message":"no","metadata":{"headers":{"retry-after":${deep}}}}}`, "no"],
    ["an error in it", `{"error":${deep}}`, "answered 400 without saying why"],
  ])("what is nested without measure is read like any other: %s", (_place, body, message) => {
    expect(read(400, body)).toMatchObject({ kind: "bad-request", origin: "provider", status: 400 });
    expect(read(400, body).message).toContain(message);
  });

  it("what the provider says of trying again, and of its limits, is kept", () => {
    const headers = { "x-should-retry": "false", "anthropic-ratelimit-requests-remaining": "0", "cf-ray": "x" };
    expect(read(429, { error: { message: "slow" } }, headers)).toMatchObject({
      retry: false,
      limitHeaders: { "anthropic-ratelimit-requests-remaining": "0" },
    });
    expect(read(429, { error: { message: "slow" } }).retry).toBeUndefined();
    const large = { error: "model requires more system memory (18.0 GiB) than is available (9.1 GiB)" };
    expect(read(500, large)).toMatchObject({ kind: "upstream", retry: false });
  });

  it("what is left to pay for, where a provider says it", () => {
    const message =
      "This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 12345. To increase, visit";
    expect(read(402, { error: { message, code: 402 } })).toMatchObject({ kind: "out-of-quota", limit: { max: 12_345 } });
  });

  it("an empty body has a message all the same", () => {
    expect(read(500, "")).toMatchObject({ kind: "upstream", message: "answered 500 without saying why" });
    // An Error of JavaScript, as JSON.
    expect(read(500, { error: { message: {} } }).message).toBe("answered 500 without saying why");
  });

  it("is cut to what can be read, and not inside a character", () => {
    const { message } = read(400, { error: { message: `${"x".repeat(999)}😀${"y".repeat(9000)}` } });
    expect(message).toBe(`${"x".repeat(999)}\ufffd ...`);
  });
});

describe("the kind of a failure", () => {
  it.each<[name: string, status: number, body: unknown, kind: Failure["kind"]]>([
    ["400", 400, { error: { message: "bad" } }, "bad-request"],
    ["422", 422, { detail: "bad" }, "bad-request"],
    ["401", 401, { error: { message: "Invalid API Key", type: "authentication_error", code: 401 } }, "unauthorized"],
    [
      "Gemini's 400 for a wrong key",
      400,
      [{ error: { code: 400, message: "API key not valid. Please pass a valid API key.", status: "INVALID_ARGUMENT" } }],
      "unauthorized",
    ],
    ["402", 402, { error: { message: "Insufficient Balance" } }, "out-of-quota"],
    [
      "OpenAI's quota under 429",
      429,
      {
        error: {
          message: "You exceeded your current quota, please check your plan",
          type: "insufficient_quota",
          code: "insufficient_quota",
        },
      },
      "out-of-quota",
    ],
    ["Z.ai's balance under 429", 429, { error: { code: "1113", message: "Insufficient balance or no resource package" } }, "out-of-quota"],
    ["Z.ai's concurrency", 429, { error: { code: "1302", message: "High concurrency" } }, "rate-limited"],
    [
      "OpenCode's month under 429",
      429,
      { type: "error", error: { type: "GoUsageLimitError", message: "Monthly usage limit reached" } },
      "out-of-quota",
    ],
    ["Kimi's period under 429", 429, { error: { message: "You've reached your usage limit for this period." } }, "out-of-quota"],
    ["NVIDIA's gRPC word", 500, { detail: "ResourceExhausted: Worker local total request limit reached" }, "rate-limited"],
    ["a balance under 429", 429, { error: { message: "Your available balance is too low" } }, "out-of-quota"],
    ["Kimi's cycle under 403", 403, { error: { message: "You've reached your usage limit for this billing cycle." } }, "out-of-quota"],
    [
      "Gemini's credits under 429",
      429,
      [{ error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Your prepayment credits are depleted. Please go to AI Studio" } }],
      "out-of-quota",
    ],
    ["a limit that the user set at Anthropic", 400, anthropic("You have reached your specified API usage limits."), "out-of-quota"],
    ["a limit of a workspace there", 400, anthropic("You have reached your specified workspace API usage limits."), "out-of-quota"],
    ["OpenCode's balance under 401", 401, { error: { type: "CreditsError", message: "Insufficient balance." } }, "out-of-quota"],
    ["LiteLLM's budget", 400, { error: { type: "budget_exceeded", message: "Budget has been exceeded!", code: "400" } }, "out-of-quota"],
    ["Ollama's week", 429, { error: "you (me) have reached your weekly usage limit, upgrade for higher limits" }, "out-of-quota"],
    ["OpenRouter's limit of a key", 403, { error: { message: "Key limit exceeded (weekly limit).", code: 403 } }, "out-of-quota"],
    ["xAI's team without credits", 403, { error: "Your newly created teams doesn't have any credits yet." }, "out-of-quota"],
    ["SiliconFlow's balance", 403, { code: 30001, message: "Sorry, your account balance is insufficient" }, "out-of-quota"],
    ["Novita's balance", 403, { code: 403, reason: "NOT_ENOUGH_BALANCE", message: "not enough balance" }, "out-of-quota"],
    ["Volcano's balance", 429, { error: { code: "AccountOverdueError", message: "an overdue balance" } }, "out-of-quota"],
    ["Z.ai's plan that is over", 429, { error: { code: "1309", message: "Your plan has expired" } }, "out-of-quota"],
    ["MiniMax's plan", 429, { base_resp: { status_code: 2056, status_msg: "usage limit exceeded" } }, "out-of-quota"],
    ["MiniMax's rate", 400, { base_resp: { status_code: 1039, status_msg: "token limit" } }, "rate-limited"],
    ["MiniMax's filter", 400, { base_resp: { status_code: 1027, status_msg: "output new_sensitive" } }, "filtered"],
    ["DeepSeek's filter", 400, { error: { message: "Content Exists Risk", type: "invalid_request_error" } }, "filtered"],
    ["xAI's filter", 403, { error: "Content violates usage guidelines." }, "filtered"],
    [
      "OpenAI's filter",
      400,
      { error: { code: "invalid_prompt", message: "your prompt was flagged as potentially violating our usage policy." } },
      "filtered",
    ],
    ["Gemini's country", 400, [{ error: { code: 400, message: "User location is not supported for the API use." } }], "refused-by-policy"],
    [
      "OpenAI's country",
      403,
      { error: { code: "unsupported_country_region_territory", message: "Country, region, or territory not supported" } },
      "refused-by-policy",
    ],
    [
      "OpenRouter's hosts that the user does not allow",
      404,
      {
        error: { message: "No endpoints available matching your guardrail restrictions and data policy. Configure: https://x", code: 404 },
      },
      "refused-by-policy",
    ],
    [
      "the same on its Messages endpoint",
      404,
      { type: "error", error: { type: "not_found_error", message: "No allowed providers are available for the selected model." } },
      "refused-by-policy",
    ],
    ["Bedrock's model", 400, { message: "The provided model identifier is invalid." }, "not-found"],
    ["Copilot's model", 400, { error: { code: "model_not_supported", message: "The requested model is not supported." } }, "not-found"],
    [
      "Hugging Face's model for pictures",
      400,
      {
        error: {
          message: "The requested model 'meta-llama/Llama-3.2-11B-Vision-Instruct' is not supported by any provider you have enabled.",
        },
      },
      "not-found",
    ],
    ["Together's model", 400, { error: { message: "Unable to access non-serverless model x. Please visit" } }, "not-found"],
    ["LM Studio's model that made room", 400, { error: "Model was unloaded while the request was still in queue.." }, "overloaded"],
    ["LM Studio's model that is gone", 400, { error: "Model has unloaded or crashed.." }, "overloaded"],
    [
      "LM Studio's model whose loading another ended",
      400,
      { error: { message: 'Failed to load model "qwen/qwen3-coder-30b". Error: Operation canceled.' } },
      "overloaded",
    ],
    ["Ollama, cut off by its cloud", 400, { error: { message: "unexpected EOF", type: "invalid_request_error" } }, "overloaded"],
    ["a body that breaks off", 400, { error: { message: "invalid JSON: unexpected EOF" } }, "bad-request"],
    [
      "a ChatGPT plan's limit under 429",
      429,
      { error: { type: "usage_limit_reached", message: "The usage limit has been reached", resets_in_seconds: 1234 } },
      "out-of-quota",
    ],
    [
      "MiniMax's plan under 429",
      429,
      { error: { type: "rate_limit_error", message: "usage limit exceeded, 5-hour usage limit reached for Token Plan (2056)" } },
      "out-of-quota",
    ],
    ["Ollama's plan under 429", 429, { error: "you've reached your hourly usage limit, please upgrade to continue" }, "out-of-quota"],
    [
      "Volcengine's plan under 429",
      429,
      { error: { code: "AccountQuotaExceeded", type: "TooManyRequests", message: "You have exceeded the 5-hour usage quota." } },
      "out-of-quota",
    ],
    [
      "OpenRouter's free models under 429",
      429,
      {
        error: {
          code: 429,
          message: "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day",
        },
      },
      "out-of-quota",
    ],
    [
      "Model Studio's free tier under 403",
      403,
      { error: { code: "AllocationQuota.FreeTierOnly", message: "The free tier of the model has been exhausted." } },
      "out-of-quota",
    ],
    [
      "Copilot's items of another token",
      401,
      { error: { message: "input item ID does not belong to this connection", code: "" } },
      "bad-request",
    ],
    ["NVIDIA's function that is down", 400, { detail: "Function id 'x': DEGRADED function cannot be invoked" }, "overloaded"],
    [
      "LM Studio's model that crashed",
      400,
      { error: "The model has crashed without additional information. (Exit code: 6)" },
      "overloaded",
    ],
    ["403", 403, { error: { message: "no access" } }, "forbidden"],
    ["a policy of a gateway", 400, { type: "error", error: { type: "policy_blocked", message: "not today" } }, "filtered"],
    ["moderation", 403, { error: { code: 403, message: "Your input was flagged", metadata: { reasons: ["violence"] } } }, "filtered"],
    [
      "Azure's filter",
      400,
      { error: { code: "content_filter", message: "The response was filtered", innererror: { code: "ResponsibleAIPolicyViolation" } } },
      "filtered",
    ],
    [
      "Azure's filter, in a list",
      400,
      { error: { message: "It failed.", details: [{ code: "content_filter", message: "x" }] } },
      "filtered",
    ],
    ["404", 404, { error: { message: "File Not Found", type: "not_found_error", code: 404 } }, "not-found"],
    [
      "a model that is not there",
      404,
      { error: { message: "model 'no-such-model' not found", type: "api_error", param: null, code: null } },
      "not-found",
    ],
    ...[
      "Conversation roles must alternate user/assistant/user/assistant/...",
      "System role not supported",
      "No user query found in messages.",
      "'dict object' has no attribute 'content'",
      "Expecting value: line 1 column 1 (char 0)",
    ].map((error): [string, number, unknown, "bad-request"] => [`mlx-lm, of a conversation: ${error}`, 404, { error }, "bad-request"]),
    ["a model that is not there, as 400", 400, { object: "error", message: "Invalid model: x", type: "invalid_model" }, "not-found"],
    ["a model that is not served", 400, { error: { message: "The model `llama3` is not supported" } }, "not-found"],
    ["408", 408, "", "timed-out"],
    ["504", 504, "", "timed-out"],
    ["409, which the client may send again", 409, { error: { message: "conflict" } }, "conflict"],
    ["501, which is not the request's fault", 501, { error: { message: "x" } }, "upstream"],
    ["501 that names a field to do without", 501, { error: { message: "Unsupported parameter: seed" } }, "bad-request"],
    ["413", 413, "<html><head><title>413 Request Entity Too Large</title></head></html>", "too-large"],
    [
      "Gemini's 400 for as much",
      400,
      [{ error: { code: 400, message: "Request payload size exceeds the limit: 20971520 bytes.", status: "INVALID_ARGUMENT" } }],
      "too-large",
    ],
    ["429", 429, { error: { message: "slow", type: "rate_limit_error" } }, "rate-limited"],
    [
      "Gemini's RESOURCE_EXHAUSTED",
      400,
      [{ error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Quota exceeded" } }],
      "rate-limited",
    ],
    ["Gemini's UNAVAILABLE", 503, [{ error: { code: 503, status: "UNAVAILABLE", message: "The model is overloaded." } }], "overloaded"],
    ["Kimi's busy engine under 429", 429, { error: { type: "engine_overloaded_error", message: "busy" } }, "overloaded"],
    ["500", 500, { error: { message: "oops", type: "server_error" } }, "upstream"],
    ["500 for what the model wrote", 500, { error: { message: "The model produced invalid content.", type: "model_error" } }, "upstream"],
    ["vLLM's internal_error", 500, { error: { message: "oops", type: "internal_error" } }, "upstream"],
    [
      "Google's word for no capacity under 500",
      500,
      { error: { message: "No capacity available for model gemini-2.5-flash on the server" } },
      "overloaded",
    ],
    ["capacity under 500", 500, { error: { message: "The engine is currently overloaded" } }, "overloaded"],
    ["502", 502, "", "overloaded"],
    ["503", 503, "", "overloaded"],
    ["529", 529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "overloaded"],
    [
      "llama.cpp blaming itself for a missing field",
      500,
      { error: { code: 500, message: "'messages' is required", type: "server_error" } },
      "bad-request",
    ],
    [
      "llama.cpp blaming itself for a stream",
      500,
      { error: { code: 500, message: "Cannot use tools with stream", type: "server_error" } },
      "bad-request",
    ],
    [
      "llama.cpp blaming itself for a tool",
      500,
      { error: { code: 500, message: "Failed to parse tools: [json.exception.out_of_range.403] key 'name' not found" } },
      "bad-request",
    ],
    [
      "LiteLLM's own, of what it is before",
      500,
      { error: { message: "litellm.UnsupportedParamsError: Bedrock doesn't support tool calling without `tools=` param specified." } },
      "bad-request",
    ],
    [
      "llama.cpp's older words for what a template refuses",
      500,
      { error: { code: 500, message: "conversation roles must alternate user and assistant roles at row 189, column 164:\n   {%- if" } },
      "bad-request",
    ],
    [
      "llama.cpp, of what gpt-oss's template does not take",
      500,
      {
        error: {
          code: 500,
          message: "Cannot pass both content and thinking in an assistant message with tool calls! at row 290, column 178:",
        },
      },
      "bad-request",
    ],
    [
      "llama.cpp, of a call in the history that was cut",
      500,
      { error: { code: 500, message: "Failed to parse tool call arguments as JSON: parse error at line 1, column 27: invalid string" } },
      "bad-request",
    ],
    [
      "llama.cpp before 2026, of a template's own refusal",
      500,
      {
        error: {
          code: 500,
          message:
            'Conversation roles must alternate user/assistant/... at row 19, column 27:\n {{ raise_exception("Conversation roles ...',
        },
      },
      "bad-request",
    ],
    ...[
      "Conversation roles must alternate user/assistant/user/assistant/...",
      "After the optional system message, conversation roles must alternate user/assistant/user/assistant/...",
      "This model only supports single tool-calls at once!",
      "No user query found in messages.",
      "System message must be at the beginning.",
    ].map((refusal): [string, number, unknown, "bad-request" | "refused-capability"] => [
      `SGLang, of a template's own refusal: ${refusal}`,
      500,
      { object: "error", message: `Internal server error: ${refusal}`, type: "InternalServerError", param: null, code: 500 },
      refusal.startsWith("System") ? "refused-capability" : "bad-request",
    ]),
    [
      "vLLM, of an item that it does not convert",
      500,
      { error: { message: "'AdditionalTools' object has no attribute 'get'" } },
      "bad-request",
    ],
    ...["NoneType", "str", "dict", "coroutine", "ModelResponse"].map((type): [string, number, unknown, "upstream"] => [
      `a server of Python's in which something of its own broke: ${type}`,
      500,
      { error: { message: `'${type}' object has no attribute 'get'` } },
      "upstream",
    ]),
    ["mlx-vlm, of null that its template does not know", 500, { detail: "'NoneType' object is not iterable" }, "bad-request"],
    [
      "a gateway in which another server's reply broke",
      500,
      { error: { message: "litellm.APIConnectionError: 'NoneType' object is not iterable" } },
      "upstream",
    ],
    ["a server in which a reply without choices broke", 500, { detail: "'NoneType' object is not subscriptable" }, "upstream"],
    [
      "llama.cpp, once, of the same",
      500,
      { error: { code: 500, message: "Expected 'content' to be a string or an array", type: "server_error" } },
      "bad-request",
    ],
    [
      "LM Studio handing on llama.cpp's 400",
      500,
      {
        type: "error",
        error: {
          type: "api_error",
          message:
            'Engine protocol predict request returned 400: {"error":{"code":400,"message":"Failed to initialize samplers: failed to parse grammar"}}',
        },
      },
      "bad-request",
    ],
  ])("%s", (_, status, body, kind) => {
    expect(read(status, body).kind).toBe(kind);
  });

  it("what the server behind a gateway refused is no rate, though the gateway's own status says so", () => {
    const said = anthropic("messages.3.content.0: Invalid `signature` in `thinking` block");
    const inner = { error: { code: 400, message: JSON.stringify(said), status: "INVALID_ARGUMENT" } };
    const wrapped = (text: string) => ({ error: { message: text, type: "overloaded_error" }, type: "error" });
    const last = `All 1 attempts failed. Last error: HTTP 400: ${JSON.stringify(inner, undefined, 2)}\n`;
    expect(read(429, wrapped(last))).toMatchObject({
      kind: "refused-capability",
      status: 400,
      refused: { capability: "thinking_signature" },
      message: said.error.message,
    });
    // Of the gateway's own account, or nothing that could be told.
    const account = '{"error":{"message":"Invalid authentication credentials","type":"authentication_error"}}';
    const others = [`401: ${account}`, `403: ${account}`, `404: ${account}`, `429: ${account}`, "400: {", "400: {}", "503: {}"];
    for (const other of others)
      expect(read(429, wrapped(`All 1 attempts failed. Last error: HTTP ${other}`))).toMatchObject({ kind: "overloaded", status: 429 });
  });

  it("a prompt that is too long is known where the status' own words stand in error (Fastify)", () => {
    const message = "prompt is too long: 9000 tokens > 8192 maximum";
    expect(read(400, { statusCode: 400, code: "ERR_TOO_LONG", error: "Bad Request", message })).toMatchObject({
      kind: "too-long",
      limit: { used: 9000, max: 8192 },
    });
  });

  it("a code in error tells the kind, also where a sentence beside it tells the reason", () => {
    expect(read(500, { error: "overloaded", message: "Request abc could not be done" }).kind).toBe("overloaded");
    expect(read(429, { error: "insufficient_quota", message: "Nothing is left of it" }).kind).toBe("out-of-quota");
    expect(readErrorInReply({ error: "rate_limit_exceeded", message: "Too much of it" })).toMatchObject({
      kind: "rate-limited",
      message: "Too much of it",
    });
  });

  it.each([
    [400, "Insufficient Balance", "out-of-quota"],
    [400, "Context Length Exceeded", "too-long"],
    [500, "Model Overloaded", "overloaded"],
  ])("words in error tell the kind, also where a sentence beside them tells nothing: %i %s", (status, error, kind) => {
    expect(read(status, { error, message: "Request abc could not be done" })).toMatchObject({
      kind,
      message: `Request abc could not be done (${error})`,
    });
  });

  it("a quota that says when it is back is a rate (Gemini)", () => {
    const body = [
      {
        error: {
          code: 429,
          message: "You exceeded your current quota, please check your plan and billing details.",
          status: "RESOURCE_EXHAUSTED",
          details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "17s" }],
        },
      },
    ];
    expect(read(429, body)).toMatchObject({ kind: "rate-limited", retryAfter: 17 });
  });

  it("a model that is being loaded is worth a wait", () => {
    const failure = read(503, { error: { message: "Loading model", type: "unavailable_error", code: 503 } });
    expect(failure).toMatchObject({ kind: "overloaded", message: "Loading model" });
    expect(failure.retryAfter).toBeGreaterThan(0);
  });

  it.each([
    ["Failed to parse input at pos 9: <tool_call> prompt is too long", "Failed to parse input at pos 9", "<tool_call> prompt is too long"],
    [
      'unexpected tokens remaining in message header: Some("to=functions.Bash code")',
      "unexpected tokens remaining in message header",
      'Some("to=functions.Bash code")',
    ],
    ["Unexpected token 200002 while expecting start token 200006", "Unexpected token 200002 while expecting start token", "200006"],
    ["error parsing tool call: raw='{\"a\": 'b'}', err=invalid character", "error parsing tool call", "{\"a\": 'b'}"],
  ])("what a model wrote is no part of the sentence: %s", (text, message, generation) => {
    for (const status of [400, 500])
      expect(read(status, { error: { message: text } })).toMatchObject({ kind: "upstream", message, generation });
  });

  it("Groq's failed generation is kept, and the same request may do better", () => {
    const body = {
      error: {
        message: "Failed to call a function.",
        type: "invalid_request_error",
        code: "tool_use_failed",
        failed_generation: "<function=Read>{}",
      },
    };
    expect(read(400, body)).toMatchObject({ kind: "upstream", generation: "<function=Read>{}" });
  });
});

describe("an error inside a reply", () => {
  it.each<[name: string, error: unknown, kind: Failure["kind"], status: number | undefined]>([
    ["with a number", { code: 502, message: "Provider disconnected" }, "overloaded", 502],
    ["with Anthropic's type", { type: "overloaded_error", message: "Overloaded" }, "overloaded", undefined],
    ["with a word for the request", { type: "invalid_request_error", message: "bad" }, "bad-request", 400],
    ["with OpenAI's code for a field", { code: "unsupported_parameter", message: "Unsupported parameter: 'top_k'" }, "bad-request", 400],
    ["with OpenAI's code for a picture", { code: "image_parse_error", message: "It could not be read." }, "bad-request", undefined],
    ["with OpenAI's code for a policy", { code: "bio_policy", message: "This cannot be answered." }, "filtered", undefined],
    ["with words for what the model wrote", { message: "The model generated an invalid tool call" }, "upstream", undefined],
    ["with words for the request", { message: "Error: Failed to initialize samplers: failed to parse grammar" }, "bad-request", undefined],
    ["with Z.ai's number for the request", { code: "1210", message: "Invalid API parameter" }, "bad-request", undefined],
    ["in words alone", "Rate limit reached", "rate-limited", undefined],
    ["that says nothing", {}, "upstream", undefined],
  ])("%s", (_, error, kind, status) => {
    const failure = readErrorInReply(error);
    expect(failure.kind).toBe(kind);
    expect(failure.status).toBe(status);
  });
});
