// A mock model server on the chat and the Messages wire. The last message says what to send:
//   bench deltas=N [arguments] [every=MS] [wait=MS]
// Each delta carries the time at which it was written, on the machine's one clock. GET /left tells when the last client left early.
// Prints its address.
import { createServer } from "node:http";

const marker = Buffer.from("bench deltas=");
const sse = (data) => `data: ${JSON.stringify(data)}\n\n`;
const chunk = (delta, finish = null) =>
  sse({
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: 1,
    model: "bench",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
const call = { index: 0, id: "call_1", type: "function", function: { name: "Write", arguments: "" } };
const chat = {
  text: { first: chunk({ role: "assistant", content: "" }), delta: (text) => chunk({ content: text }), finish: "stop" },
  arguments: {
    first:
      chunk({ role: "assistant", content: null, tool_calls: [call] }) +
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"content":"' } }] }),
    delta: (text) => chunk({ tool_calls: [{ index: 0, function: { arguments: text } }] }),
    close: chunk({ tool_calls: [{ index: 0, function: { arguments: '"}' } }] }),
    finish: "tool_calls",
  },
};
const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
const chatEnd = (finish) => `${chunk({}, finish)}${sse({ id: "chatcmpl-bench", choices: [], usage })}data: [DONE]\n\n`;

const event = (data) => `event: ${data.type}\n${sse(data)}`;
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "bench",
  content: [],
  stop_reason: null,
  usage: { input_tokens: 10, output_tokens: 1 },
};
const messages = {
  first:
    event({ type: "message_start", message }) + event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
  delta: (text) => event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
  end:
    event({ type: "content_block_stop", index: 0 }) +
    event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 10 } }) +
    event({ type: "message_stop" }),
};

const now = () => Number(process.hrtime.bigint() / 1000n);
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let left = 0;

const server = createServer(async (request, response) => {
  response.socket.setNoDelay(true);
  if (request.method === "GET") {
    const body = request.url === "/left" ? { left } : { object: "list", data: [{ id: "bench", max_model_len: 2000000 }] };
    return response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  }
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const asked = body.toString("latin1", body.lastIndexOf(marker));
  const number = (name, otherwise) => Number(new RegExp(`^[^"]*\\b${name}=([0-9.]+)`).exec(asked)?.[1] ?? otherwise);
  let gone = false;
  response.on("close", () => {
    gone = !response.writableFinished;
    if (gone) left = now();
  });
  const isChat = request.url.includes("chat");
  const form = isChat ? chat[/^[^"]*arguments/.test(asked) ? "arguments" : "text"] : messages;
  const end = isChat ? (form.close ?? "") + chatEnd(form.finish) : messages.end;
  const every = number("every", 0);
  await after(number("wait", 0));
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(form.first);
  const begun = performance.now();
  for (let sent = 0, count = number("deltas", 1); sent < count && !gone; sent += 1) {
    // One write for each turn of the loop, so that the deltas leave one by one as a model sends them.
    if (every > 0) await after(begun + (sent + 1) * every - performance.now());
    else await new Promise((resolve) => setImmediate(resolve));
    response.write(form.delta(` token ${now()};`));
  }
  response.end(end);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
