// One client's requests, and what is counted of them.
import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, noDelay: true });
export const now = () => Number(process.hrtime.bigint() / 1000n);

/**
 * One streamed request. Milliseconds to the first byte, to the first delta and to the end, and of each delta how long it was under way
 * from the upstream's write to here. `leave` breaks off: "waiting" before any byte, "reading" after some deltas; `left` is when.
 */
export function ask({ url, token }, body, { leave } = {}) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const under = [];
    let firstByte;
    let first;
    let pending = "";
    let left;
    const outgoing = request(
      `${url}/v1/messages`,
      {
        method: "POST",
        agent,
        headers: {
          "content-type": "application/json",
          "content-length": body.length,
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
      },
      (response) => {
        response.on("data", (piece) => {
          const arrived = now();
          firstByte ??= performance.now() - begun;
          pending += piece.toString("latin1");
          let end = 0;
          for (const match of pending.matchAll(/token (\d+);/g)) {
            under.push((arrived - Number(match[1])) / 1000);
            end = match.index + match[0].length;
          }
          pending = pending.slice(Math.max(end, pending.length - 400));
          if (first === undefined && under.length > 0) first = performance.now() - begun;
          if (leave === "reading" && under.length > 5) goAway();
        });
        response.on("error", () => {});
        response.on("end", () =>
          response.statusCode === 200 && first !== undefined
            ? resolve({ firstByte, first, total: performance.now() - begun, under })
            : reject(new Error(`${url}: ${response.statusCode} ${pending.slice(-300)}`)),
        );
      },
    );
    const goAway = () => {
      if (left !== undefined) return;
      left = now();
      outgoing.destroy();
      resolve({ left });
    };
    outgoing.on("error", (error) => left === undefined && reject(error));
    if (leave === "waiting") setTimeout(goAway, 60);
    outgoing.end(body);
  });
}

export function bodyOf(kilobytes, what, model = "bench") {
  const filler = [];
  for (let left = kilobytes * 1024; left > 0; left -= 1000)
    filler.push({
      role: filler.length % 2 ? "assistant" : "user",
      content: [{ type: "text", text: `word ${"lorem ipsum ".repeat(80)}`.slice(0, 950) }],
    });
  if (filler.length % 2) filler.push({ role: "assistant", content: "Go on." });
  return Buffer.from(
    JSON.stringify({
      model,
      max_tokens: 1000,
      stream: true,
      system: "You are a benchmark.",
      tools: [{ name: "Write", description: "Writes.", input_schema: { type: "object", properties: { content: { type: "string" } } } }],
      messages: [...filler, { role: "user", content: `bench ${what}` }],
    }),
  );
}

export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
export const median = (values) => quantile(values, 0.5);
