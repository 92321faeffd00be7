// The limit of forwarding: node:http in, undici out, bytes piped. `node relay.mjs <upstream>`. Prints its address.
import { createServer } from "node:http";
import { Pool } from "undici";

const pool = new Pool(process.argv[2], { connections: 64, bodyTimeout: 0, headersTimeout: 0 });
const server = createServer((request, response) => {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  pool
    .stream(
      { path: request.url, method: "POST", headers: { "content-type": "application/json" }, body: request, signal: gone.signal },
      ({ statusCode, headers }) => {
        response.writeHead(statusCode, headers);
        return response;
      },
    )
    .catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
