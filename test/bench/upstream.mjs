// A mock model server on the chat wire. The last message says what to send: `bench deltas=N`. Prints its address.
import { createServer } from "node:http";

const marker = Buffer.from("bench deltas=");
const chunk = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model: "bench", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const first = chunk({ role: "assistant", content: "" });
const delta = chunk({ content: "token " });
const last = `${chunk({}, "stop")}data: ${JSON.stringify({ id: "chatcmpl-bench", choices: [], usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 } })}\n\ndata: [DONE]\n\n`;

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const at = body.lastIndexOf(marker);
  const count = at < 0 ? 1 : Number.parseInt(body.toString("latin1", at + marker.length, at + marker.length + 9), 10);
  if (request.method === "GET")
    return response.setHeader("content-type", "application/json").end('{"object":"list","data":[{"id":"bench","max_model_len":2000000}]}');
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.socket.setNoDelay(true);
  response.write(first);
  // One write for each turn of the loop, so that the deltas arrive one by one as a model sends them.
  for (let sent = 0; sent < count; sent += 1) {
    response.write(delta);
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end(last);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
