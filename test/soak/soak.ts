import { fork } from "node:child_process";
import { readCorpus } from "../fuzz/corpus.ts";
import { randomFrom } from "../fuzz/random.ts";
import { plainRequests, problemsIn, problemsInReply, wireNames } from "../fuzz/way.ts";
import { type Address, ask } from "./client.ts";
import { startProvider } from "./provider.ts";

/** Sessions of all clients on all servers for a long time, with faults; and what fcc holds after many requests and many bytes. */
const [root = "", hostProgram = "", minutesText = "60", mode = "soak"] = process.argv.slice(2);
const minutes = Number(minutesText);
const sessions = 8;
const allowed = 10;
const random = randomFrom(Date.now() % 2 ** 31);
const corpus = readCorpus(root);
const provider = await startProvider(corpus, random);
const host = fork(hostProgram, [provider.url], { execArgv: ["--expose-gc"] });

interface Held {
  readonly held: number;
  readonly rss: number;
  readonly files: number;
  readonly processor: number;
}
const next = <Message>() => new Promise<Message>((resolve) => host.once("message", (message) => resolve(message as Message)));
const proxy = await next<Address>();
const measure = (): Promise<Held> => {
  const answer = next<Held>();
  host.send("measure");
  return answer;
};
const megabytes = (bytes: number) => bytes / 1024 / 1024;
let passed = 0;
let failed = 0;
const row = (name: string, figure: string, fine = true) => {
  if (fine) passed += 1;
  else failed += 1;
  console.log(`| ${name} | ${figure} | ${fine ? "" : "**no**"} |`);
};
const show = (bytes: number) => `${megabytes(bytes).toFixed(1)} MB`;
// As agents say it: what was said is not to be kept for a `previous_response_id`, which is bounded by itself.
const stored = (wire: string) => (wire === "responses" ? { store: false } : {});
const bodyOf = (wire: (typeof wireNames)[number], model: string, stream: boolean, more: object = {}) =>
  JSON.stringify({
    ...(plainRequests[wire] as object),
    ...stored(wire),
    model,
    stream,
    ...(stream ? {} : { stream_options: undefined }),
    ...more,
  });
/** undefined: it is none. */
const jsonIn = (text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const steady = async (count: number) => {
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const wire = random.pick(wireNames);
      await ask(proxy, wire, bodyOf(wire, `${random.pick(wireNames)}/steady`, true), { keep: false });
    }
  };
  await Promise.all(Array.from({ length: sessions }, lane));
};
console.log("| | | |\n|---|---|---|");
await steady(100);
const start = await measure();

if (mode === "soak") {
  const counts = { requests: 0, whole: 0, told: 0, broken: 0, left: 0, violations: 0 };
  const end = Date.now() + minutes * 60_000;
  const violation = (what: string) => {
    counts.violations += 1;
    if (counts.violations <= 10) console.log(`violation: ${what}`);
  };
  const session = async (): Promise<void> => {
    while (Date.now() < end) {
      const wire = random.pick(wireNames);
      const server = random.pick(wireNames);
      const stream = !random.chance(4);
      const leaving = random.chance(12);
      const said = await ask(proxy, wire, bodyOf(wire, `${server}/faulty`, stream), leaving ? { leaveAfter: 1 + random.below(2000) } : {});
      counts.requests += 1;
      if (said.left) counts.left += 1;
      else if (said.cut) {
        counts.broken += 1;
        // Only where bytes pass may a break be shown by a break.
        if (wire !== server) violation(`${wire} on ${server}: a translated answer broke off`);
      } else if (said.status !== 200) {
        counts.told += 1;
        if (jsonIn(said.text) === undefined) violation(`${wire} on ${server}: ${said.status} without JSON: ${said.text.slice(0, 200)}`);
      } else if (!/event-stream/.test(said.type)) {
        const reply = jsonIn(said.text);
        // An error after signs of life, which had spent the status.
        const problems = wire === server || reply?.error ? [] : problemsInReply(wire, server, reply);
        if (problems.length > 0) violation(`${wire} on ${server}: ${problems[0]}: ${said.text.slice(0, 200)}`);
        counts.whole += 1;
      } else {
        const problems = wire === server ? [] : problemsIn(wire, server, said.text);
        if (problems.length > 0) violation(`${wire} on ${server}: ${problems[0]}`);
        counts.whole += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: sessions }, session));
  // The time of connections that are kept.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const last = await measure();
  row("time, sessions at once", `${minutes} min, ${sessions}`);
  // Two cores do some 7,000 a minute: so few mean that something waited.
  row("requests over 3 client wires on 3 server wires", String(counts.requests), counts.requests >= minutes * 500);
  row(
    "answered in full or with an error in band; by a status; broken off where bytes pass; left by the client",
    `${counts.whole}; ${counts.told}; ${counts.broken}; ${counts.left}`,
    [counts.whole, counts.told, counts.broken, counts.left].every((count) => count > 0),
  );
  row("grammar violations", String(counts.violations), counts.violations === 0);
  row("open files after 100 requests, at the end", `${start.files}, ${last.files}`, last.files <= start.files + 2);
  row("connections open at the server at the end", String(provider.sockets.size), provider.sockets.size <= sessions * 3 + 3);
  row(
    "memory held after 100 requests, at the end (after a collection)",
    `${show(start.held)}, ${show(last.held)}`,
    megabytes(last.held - start.held) < allowed,
  );
  row("resident memory after 100 requests, at the end", `${show(start.rss)}, ${show(last.rss)}`);
} else {
  const growth = async (name: string) => {
    const now = await measure();
    row(
      `memory held after ${name}, beside after 100 requests`,
      `${show(now.held)}, ${show(start.held)}`,
      megabytes(now.held - start.held) < allowed,
    );
    row(`open files after ${name}, beside after 100 requests`, `${now.files}, ${start.files}`, now.files <= start.files + 2);
  };
  await steady(10_000 - 100);
  await growth("10,000 requests");
  const long = 28 * 1024 * 1024;
  let streamed = 0;
  for (let count = 0; count < 16; count += 1) {
    const wire = wireNames[count % 3] ?? "chat";
    streamed += (await ask(proxy, wire, bodyOf(wire, `chat/long:${long}`, true), { keep: false })).bytes;
  }
  row("streamed in 16 replies, a third of them as bytes", `${(streamed / 1e9).toFixed(2)} GB`, streamed > 1e9);
  await growth("these bytes");
  const cost = async (model: string, more: object = {}) => {
    const before = await measure();
    const { status, bytes } = await ask(proxy, "messages", bodyOf("messages", model, true, more), { keep: false });
    const after = await measure();
    return { processor: after.processor - before.processor, status, bytes };
  };
  const linear = async (name: string, size: number, once: (size: number) => ReturnType<typeof cost>) => {
    await once(size / 4);
    const [half, whole] = [await once(size / 2), await once(size)];
    const ratio = whole.processor / half.processor;
    // Twice as much in less than three times the work; what is quadratic takes four.
    row(
      `${name}: processor for it, for half of it`,
      `${whole.processor.toFixed(0)} ms, ${half.processor.toFixed(0)} ms`,
      whole.status === 200 && ratio < 3,
    );
  };
  await linear("1 MB of arguments in deltas of one byte", 1_000_000, (size) => cost(`chat/arguments:${size}`));
  await linear("a data line of 5 MB", 5_000_000, (size) => cost(`chat/line:${size}`));
  await linear("a conversation of 10 MB", 10_000_000, (size) => {
    const messages = Array.from({ length: 200 }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: "word ".repeat(size / 1000),
    }));
    return cost("chat/steady", { messages: [...messages, { role: "user", content: "go on" }] });
  });
  // The latest prompt is kept until its count is asked for or another comes.
  await steady(100);
  await growth("all of it and 100 requests more");
}
host.kill();
await provider.close();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed === 0 ? 0 : 1;
