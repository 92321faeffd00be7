// What llama-server's caches do with an agent's prompt: a warm-up before the first turn, side calls between turns and beside them.
//   node test/servers/cache.mjs LLAMA_SERVER MODEL.gguf [tokens of the agent's own prompt, default 1200]
// The two paths are what install-llama-server.sh prints. Figures are the server's own: tokens of the prompt that it processed (not from a cache).
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";

const [program, model, size = "1200"] = process.argv.slice(2);
const words = (count, seed) => Array.from({ length: count }, (_, at) => `rule${(at * 7 + seed) % 97}`).join(" ");
const system = `You are an agent. ${words(Math.round(Number(size) / 4), 1)}`;
const tools = [
  {
    type: "function",
    function: { name: "Read", description: words(20, 2), parameters: { type: "object", properties: { path: { type: "string" } } } },
  },
];
const first = `Read the notes. ${words(20, 3)}`;
const side = [
  { role: "system", content: `Write a title. ${words(60, 4)}` },
  { role: "user", content: "Read the notes" },
];

const cases = {
  "one slot": ["-np", "1"],
  "one slot, no host cache": ["-np", "1", "--cache-ram", "0"],
  "two slots, unified": ["-np", "2", "--kv-unified"],
  "as it starts by itself": [],
};

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function start(options) {
  const port = await freePort();
  const template = ["--jinja", "--chat-template-file", join(import.meta.dirname, "hermes.jinja")];
  const child = spawn(
    program,
    ["-m", model, "--host", "127.0.0.1", "--port", String(port), "--temp", "0", "-t", "2", ...template, ...options],
    {
      stdio: "ignore",
    },
  );
  // No server outlives the measuring.
  const end = () => child.kill();
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    ))
  )
    await new Promise((go) => setTimeout(go, 100));
  return { url, close: () => new Promise((resolve) => child.once("exit", resolve) && child.kill()) };
}

/** One streamed request: tokens processed, milliseconds to the first delta, the text. */
async function ask(url, body, { signal, most = 8 } = {}) {
  const begun = performance.now();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, max_tokens: most, stream: true, stream_options: { include_usage: true } }),
    signal,
  });
  let text = "";
  let delta;
  for await (const bytes of answer.body) {
    text += Buffer.from(bytes).toString();
    if (delta === undefined && /"content":"/.test(text)) delta = performance.now() - begun;
  }
  return {
    processed: Number(/"prompt_n":(\d+)/.exec(text)?.[1] ?? Number.NaN),
    cached: Number(/"cache_n":(\d+)/.exec(text)?.[1] ?? Number.NaN),
    delta: Math.round(delta ?? performance.now() - begun),
    content: [...text.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map((match) => JSON.parse(`"${match[1]}"`)).join(""),
  };
}

const only = process.env.CASES?.split(";");
for (const [name, options] of Object.entries(cases)) {
  if (only && !only.includes(name)) continue;
  const show = (what, { processed, cached, delta }) =>
    console.log(`${name.padEnd(24)} | ${what.padEnd(52)} | ${processed} | ${cached} | ${delta} ms`);
  const head = { tools, messages: [{ role: "system", content: system }] };
  const turn = (...more) => ({ ...head, messages: [...head.messages, { role: "user", content: first }, ...more] });

  let server = await start(options);
  const cold = await ask(server.url, turn());
  show("first turn, cold", cold);
  const answered = { role: "assistant", content: cold.content };
  show("a side call", await ask(server.url, { messages: side }));
  const second = turn(answered, { role: "user", content: "go on" });
  const after = await ask(server.url, second);
  show("second turn after it", after);
  const both = [
    answered,
    { role: "user", content: "go on" },
    { role: "assistant", content: after.content },
    { role: "user", content: "and on" },
  ];
  const running = ask(server.url, turn(...both), { most: 60 });
  await new Promise((go) => setTimeout(go, 300));
  const [main, beside] = await Promise.all([running, ask(server.url, { messages: side })]);
  show("third turn, a side call beside it", main);
  show("that side call", beside);
  show("fourth turn", await ask(server.url, turn(...both, { role: "assistant", content: main.content }, { role: "user", content: "end" })));
  await server.close();

  const warmUp = { ...head, messages: [...head.messages, { role: "user", content: "." }] };
  server = await start(options);
  show("warm-up, cold", await ask(server.url, warmUp, { most: 1 }));
  show("first turn after a warm-up", await ask(server.url, turn()));
  await server.close();

  server = await start(options);
  const warming = ask(server.url, warmUp, { most: 1 });
  await new Promise((go) => setTimeout(go, 1_000));
  show("first turn sent 1 s into a warm-up", await ask(server.url, turn()));
  await warming;
  await server.close();

  server = await start(options);
  const abort = new AbortController();
  const cut = ask(server.url, warmUp, { most: 1, signal: abort.signal }).catch(() => {});
  await new Promise((go) => setTimeout(go, 1_000));
  abort.abort();
  await cut;
  show("first turn after a warm-up given up at 1 s", await ask(server.url, turn()));
  await server.close();
}
