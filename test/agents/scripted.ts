import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A call of a tool, as the client named the tool; each wire spells it in its own way. */
export interface Call {
  readonly name: string;
  /** Codex's groups of tools. */
  readonly namespace?: string;
  /** An object of arguments, or the free text of a tool that takes such. */
  readonly input: unknown;
}

/** What the scripted model says in one reply. */
export interface Say {
  readonly thinking?: string;
  /** The pieces of the text, one delta each. */
  readonly text?: readonly string[];
  readonly calls?: readonly Call[];
  /** Answer with this status and body instead; a string is sent as it is. */
  readonly fail?: { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };
  /** Stop without an ending, in the middle of the last thing said: by a broken connection, or as if all were well. */
  readonly cut?: "broken" | "clean";
  /** Break off after the text with this in the stream, as vLLM and OpenRouter do. */
  readonly breaksWith?: object;
  /** Milliseconds before anything is answered. */
  readonly silent?: number;
  /** Milliseconds between deltas of the text. */
  readonly pace?: number;
  /** Prompt tokens that it claims to have read. */
  readonly promptTokens?: number;
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into whatever the client sent.
  readonly body: any;
  /** Milliseconds (performance.now) at which it came. */
  readonly at: number;
  /** Milliseconds (performance.now) at which the other side went away before the reply was over. */
  goneAt?: number;
}

export interface ScriptedServer {
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

export type Script = readonly Say[] | ((received: Received, count: number) => Say);
export type Writer = (response: ServerResponse, say: Say, model: string) => AsyncGenerator<string>;

/** A model server that says what the script says, request by request; past the end of a list it says "(no more)". It ends with the test. */
export async function serve(
  script: Script,
  path: string,
  { write, whole }: { readonly write: Writer; readonly whole?: (say: Say, model: string) => object },
  models: object,
): Promise<ScriptedServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const address = request.url?.split("?")[0] ?? "";
    if (request.method === "GET" && address === "/v1/models") {
      response.setHeader("content-type", "application/json").end(JSON.stringify(models));
      return;
    }
    if (request.method !== "POST" || address !== path) {
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":{"message":"no such path"}}');
      return;
    }
    const entry: Received = {
      path: address,
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString("utf8")),
      at: performance.now(),
    };
    received.push(entry);
    response.on("close", () => {
      if (!response.writableFinished) entry.goneAt = performance.now();
    });
    const count = received.length;
    const say = typeof script === "function" ? script(entry, count) : (script[count - 1] ?? { text: ["(no more)"] });
    if (say.silent) await new Promise((resolve) => setTimeout(resolve, say.silent));
    if (say.fail) {
      const { status, headers, body } = say.fail;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
      return;
    }
    const streams = entry.body.stream === true;
    if (!streams && say.cut === undefined && whole !== undefined) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole(say, entry.body.model)));
      return;
    }
    response.writeHead(200, { "content-type": streams ? "text/event-stream" : "application/json" });
    for await (const event of streams ? write(response, say, entry.body.model) : ['{"id":"chatcmpl-1","choi']) {
      if (response.destroyed) return;
      await new Promise((resolve) => response.write(event, resolve));
      if (say.pace) await new Promise((resolve) => setTimeout(resolve, say.pace));
    }
    if (say.cut === "broken") response.destroy();
    else response.end();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close };
}

/** A server of the Chat Completions wire that behaves as vLLM of today does. */
export function serveChat(script: Script, window = 200_000): Promise<ScriptedServer> {
  const write: Writer = async function* (_response, say, model) {
    const chunk = (delta: object, finish: string | null = null) =>
      `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    const breaks = say.breaksWith === undefined ? undefined : `data: ${JSON.stringify(say.breaksWith)}\n\n`;
    if (breaks !== undefined && say.text === undefined) return yield breaks;
    yield chunk({ role: "assistant", content: "" });
    if (say.thinking) yield chunk({ reasoning_content: say.thinking });
    for (const text of say.text ?? []) yield chunk({ content: text });
    if (breaks !== undefined) return yield breaks;
    const calls = say.calls ?? [];
    for (const [index, call] of calls.entries()) {
      const { name, json } = asFunction(call);
      yield chunk({ tool_calls: [{ index, id: idOf(index, json), type: "function", function: { name, arguments: "" } }] });
      yield chunk({ tool_calls: [{ index, function: { arguments: json.slice(0, 7) } }] });
      if (say.cut && index === calls.length - 1) return;
      yield chunk({ tool_calls: [{ index, function: { arguments: json.slice(7) } }] });
    }
    if (say.cut) return;
    yield chunk({}, say.calls ? "tool_calls" : "stop");
    yield `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model, choices: [], usage: usageOf(say) })}\n\n`;
    yield "data: [DONE]\n\n";
  };
  const idOf = (index: number, json: string) => `call_${index}_${json.length}`;
  const asFunction = ({ name, namespace, input }: Call) => ({
    name: namespace === undefined ? name : `${namespace}__${name}`,
    json: JSON.stringify(typeof input === "string" ? { input } : input),
  });
  const usageOf = ({ promptTokens = 1200 }: Say) => ({
    prompt_tokens: promptTokens,
    completion_tokens: 20,
    total_tokens: promptTokens + 20,
  });
  const whole = (say: Say, model: string) => {
    const calls = say.calls?.map((call, index) => {
      const { name, json } = asFunction(call);
      return { id: idOf(index, json), type: "function", function: { name, arguments: json } };
    });
    const message = {
      role: "assistant",
      content: say.text?.join("") ?? null,
      ...(say.thinking === undefined ? {} : { reasoning_content: say.thinking }),
      ...(calls === undefined ? {} : { tool_calls: calls }),
    };
    const choices = [{ index: 0, message, finish_reason: calls ? "tool_calls" : "stop" }];
    return { id: "chatcmpl-1", object: "chat.completion", created: 1, model, choices, usage: usageOf(say) };
  };
  return serve(
    script,
    "/v1/chat/completions",
    { write, whole },
    {
      object: "list",
      data: [{ id: "scripted", object: "model", max_model_len: window }],
    },
  );
}

/** The same script on a native Messages server, as a measure of what the client makes of it. */
export function serveMessages(script: Script): Promise<ScriptedServer> {
  const write: Writer = async function* (_response, say, model) {
    const event = (data: { type: string; [key: string]: unknown }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
    const input = say.promptTokens ?? 1200;
    yield event({
      type: "message_start",
      message: {
        // The client takes what has one id for one message.
        id: `msg_${process.hrtime.bigint()}`,
        type: "message",
        role: "assistant",
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: input, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
      },
    });
    let index = 0;
    const block = function* (start: object, deltas: readonly object[]): Generator<string> {
      yield event({ type: "content_block_start", index, content_block: start });
      for (const delta of deltas) yield event({ type: "content_block_delta", index, delta });
      yield event({ type: "content_block_stop", index });
      index += 1;
    };
    if (say.thinking)
      yield* block({ type: "thinking", thinking: "", signature: "" }, [
        { type: "thinking_delta", thinking: say.thinking },
        { type: "signature_delta", signature: "c2ln" },
      ]);
    if (say.text?.length)
      yield* block(
        { type: "text", text: "" },
        say.text.map((text) => ({ type: "text_delta", text })),
      );
    for (const call of say.calls ?? []) {
      const json = JSON.stringify(call.input);
      yield* block({ type: "tool_use", id: `toolu_${process.hrtime.bigint()}`, name: call.name, input: {} }, [
        { type: "input_json_delta", partial_json: json.slice(0, 7) },
        { type: "input_json_delta", partial_json: json.slice(7) },
      ]);
    }
    yield event({
      type: "message_delta",
      delta: { stop_reason: say.calls ? "tool_use" : "end_turn", stop_sequence: null },
      usage: { input_tokens: input, output_tokens: 20, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    });
    yield event({ type: "message_stop" });
  };
  const whole = (say: Say, model: string) => ({
    ...{ id: "msg_1", type: "message", role: "assistant", model, stop_reason: say.calls ? "tool_use" : "end_turn", stop_sequence: null },
    usage: { input_tokens: say.promptTokens ?? 1200, output_tokens: 20 },
    content: [
      ...(say.thinking ? [{ type: "thinking", thinking: say.thinking, signature: "c2ln" }] : []),
      ...(say.text ? [{ type: "text", text: say.text.join("") }] : []),
      ...(say.calls ?? []).map(({ name, input }, index) => ({ type: "tool_use", id: `toolu_${index}`, name, input })),
    ],
  });
  return serve(script, "/v1/messages", { write, whole }, { data: [], has_more: false });
}
