// The floor of translating Messages to chat: the body parsed once and written once, each event translated, no layers, no care.
// `node floor.mjs <upstream>`. Prints its address.
import { createServer } from "node:http";
import { createParser } from "eventsource-parser";
import { Pool } from "undici";

const pool = new Pool(process.argv[2], { connections: 64, bodyTimeout: 0, headersTimeout: 0 });
const text = (content) => (typeof content === "string" ? content : content.map((part) => part.text ?? "").join("\n"));
const event = (data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

const server = createServer(async (request, response) => {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = JSON.parse(Buffer.concat(parts).toString("utf8"));
  const messages = [
    { role: "system", content: text(body.system ?? "") },
    ...body.messages.map((message) => ({ role: message.role, content: text(message.content) })),
  ];
  const tools = body.tools?.map((tool) => ({
    type: "function",
    function: { name: tool.name, description: tool.description, parameters: tool.input_schema },
  }));
  const out = JSON.stringify({
    model: "bench",
    messages,
    tools,
    max_tokens: body.max_tokens,
    stream: true,
    stream_options: { include_usage: true },
  });
  const upstream = await pool
    .request({
      path: "/v1/chat/completions",
      method: "POST",
      headers: { "content-type": "application/json" },
      body: out,
      signal: gone.signal,
    })
    .catch(() => undefined);
  if (upstream === undefined) return;
  response.writeHead(200, { "content-type": "text/event-stream" });
  let pending = "";
  let open = false;
  let usage = { input_tokens: 0, output_tokens: 0 };
  let stop = "end_turn";
  const parser = createParser({
    onEvent({ data }) {
      if (data === "[DONE]") {
        if (open) pending += event({ type: "content_block_stop", index: 0 });
        pending +=
          event({ type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage }) + event({ type: "message_stop" });
        return;
      }
      const chunk = JSON.parse(data);
      const choice = chunk.choices[0];
      if (chunk.usage) usage = { input_tokens: chunk.usage.prompt_tokens, output_tokens: chunk.usage.completion_tokens };
      if (choice?.delta.role)
        pending += event({
          type: "message_start",
          message: {
            id: "msg_1",
            type: "message",
            role: "assistant",
            model: body.model,
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage,
          },
        });
      if (choice?.delta.content) {
        if (!open) {
          open = true;
          pending += event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
        }
        pending += event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: choice.delta.content } });
      }
      for (const call of choice?.delta.tool_calls ?? []) {
        if (call.id) {
          open = true;
          stop = "tool_use";
          const block = { type: "tool_use", id: call.id, name: call.function.name, input: {} };
          pending += event({ type: "content_block_start", index: 0, content_block: block });
        }
        const partial_json = call.function.arguments;
        if (partial_json) pending += event({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json } });
      }
      if (choice?.finish_reason === "length") stop = "max_tokens";
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const bytes of upstream.body) {
      parser.feed(decoder.decode(bytes, { stream: true }));
      if (pending !== "" && !response.write(pending)) await new Promise((resolve) => response.once("drain", resolve));
      pending = "";
    }
  } catch {
    // The client left.
  }
  response.end();
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
