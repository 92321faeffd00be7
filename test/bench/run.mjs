// What fcc costs, measured beside what it cannot be cheaper than, in one run with interleaved rounds: the mock upstream alone, a bare
// relay (the limit of forwarding) and a bare translator (the floor of translating). Prints ratios; the machine's own speed cancels out.
//   npm run bench            all figures
//   npm run bench -- quick   few rounds, to see that it runs
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const here = import.meta.dirname;
const fcc = resolve(here, "../../dist/fcc.js");
const quick = process.argv.includes("quick");
const rounds = quick ? 5 : 60;
const deltas = quick ? 500 : 5000;
const started = [];

/** Starts a process that prints one line; resolves with the process and the line. */
function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  started.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece) => {
      text += piece;
      if (text.includes("\n")) resolve({ child, line: text.slice(0, text.indexOf("\n")) });
    });
    child.on("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)));
  });
}

const agent = new Agent({ keepAlive: true });

/** One streamed request: milliseconds to the first delta and to the end, and the deltas seen. */
function ask({ url, token }, body) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    let first;
    let text = "";
    const outgoing = httpRequest(
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
          if (first === undefined && piece.includes("token ")) first = performance.now() - begun;
          text = (text + piece.toString("latin1")).slice(-200);
        });
        response.on("end", () =>
          response.statusCode === 200 && first !== undefined
            ? resolve({ first, total: performance.now() - begun })
            : reject(new Error(`${url}: ${response.statusCode} ${text}`)),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function bodyOf(size, count) {
  const filler = [];
  for (let left = size; left > 0; left -= 1000)
    filler.push({
      role: filler.length % 2 ? "assistant" : "user",
      content: [{ type: "text", text: `word ${"lorem ipsum ".repeat(80)}`.slice(0, 950) }],
    });
  if (filler.length % 2) filler.push({ role: "assistant", content: "Go on." });
  return Buffer.from(
    JSON.stringify({
      model: "bench",
      max_tokens: 1000,
      stream: true,
      system: "You are a benchmark.",
      messages: [...filler, { role: "user", content: `bench deltas=${count}` }],
    }),
  );
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
/** User and system time of a process in milliseconds (Linux: 100 ticks a second). */
const cpuOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
const residentOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

const folder = mkdtempSync(join(tmpdir(), "fcc-bench-"));
const env = { PATH: process.env.PATH, HOME: folder };
try {
  const upstream = await start(process.execPath, [join(here, "upstream.mjs")]);
  const relay = await start(process.execPath, [join(here, "relay.mjs"), upstream.line]);
  const floor = await start(process.execPath, [join(here, "floor.mjs"), upstream.line]);
  const config = join(folder, "config.yaml");
  writeFileSync(
    config,
    `profile: bench\nproviders:\n  mock: { speaks: { chat: { baseUrl: ${upstream.line}/v1 } } }\nprofiles:\n  bench: { model: { target: mock/bench, context: 4000000 } }\n`,
  );
  const hold = "console.log(process.env.FCC_URL + ' ' + process.env.FCC_TOKEN); setInterval(() => {}, 1000)";
  const proxied = await start(process.execPath, [fcc, "--quiet", "--config", config, "run", "--", process.execPath, "-e", hold], { env });
  const [url, token] = proxied.line.split(" ");
  const sides = {
    upstream: { url: upstream.line, pid: upstream.child.pid },
    relay: { url: relay.line, pid: relay.child.pid },
    floor: { url: floor.line, pid: floor.child.pid },
    fcc: { url, token, pid: proxied.child.pid },
  };

  const table = [];
  for (const size of [16, 400, ...(quick ? [] : [4000])]) {
    const body = bodyOf(size * 1024, 1);
    const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
    for (let round = -5; round < (size > 1000 ? rounds / 4 : rounds); round += 1) {
      for (const [name, side] of Object.entries(sides)) {
        const { first } = await ask(side, body);
        if (round >= 0) times[name].push(first);
      }
    }
    const base = median(times.upstream);
    const added = (name) => median(times[name]) - base;
    table.push([
      `added time to first delta, ${size} KB`,
      `${added("relay").toFixed(2)} ms`,
      `${added("floor").toFixed(2)} ms`,
      `${added("fcc").toFixed(2)} ms`,
      (added("fcc") / added("floor")).toFixed(2),
    ]);
  }

  const long = bodyOf(16 * 1024, deltas);
  const spent = { relay: [], floor: [], fcc: [] };
  for (let round = -1; round < (quick ? 2 : 9); round += 1) {
    for (const name of Object.keys(spent)) {
      const before = cpuOf(sides[name].pid);
      await ask(sides[name], long);
      if (round >= 0) spent[name].push(((cpuOf(sides[name].pid) - before) * 1000) / deltas);
    }
  }
  const cpu = Object.fromEntries(
    Object.entries(spent).map(([name, values]) => [name, values.reduce((sum, value) => sum + value, 0) / values.length]),
  );
  table.push([
    "CPU per delta",
    `${cpu.relay.toFixed(1)} us`,
    `${cpu.floor.toFixed(1)} us`,
    `${cpu.fcc.toFixed(1)} us`,
    (cpu.fcc / cpu.floor).toFixed(2),
  ]);
  const resident = (name) => residentOf(sides[name].pid);
  table.push([
    "resident memory",
    `${resident("relay").toFixed(0)} MB`,
    `${resident("floor").toFixed(0)} MB`,
    `${resident("fcc").toFixed(0)} MB`,
    (resident("fcc") / resident("floor")).toFixed(2),
  ]);

  const timed = (command, args) => {
    const begun = performance.now();
    spawnSync(command, args, { env, stdio: "ignore" });
    return performance.now() - begun;
  };
  const starts = { bare: [], fcc: [], version: [] };
  for (let round = -2; round < (quick ? 3 : 15); round += 1) {
    const bare = timed(process.execPath, ["-e", "0"]);
    const launched = timed(process.execPath, [fcc, "--quiet", "--config", config, "run", "--", "/bin/true"]);
    const version = timed(process.execPath, [fcc, "--version"]);
    if (round < 0) continue;
    starts.bare.push(bare);
    starts.fcc.push(launched);
    starts.version.push(version);
  }
  const bare = median(starts.bare);
  table.push([
    "fcc run -- true (whole) / node -e 0",
    "",
    `${bare.toFixed(0)} ms`,
    `${median(starts.fcc).toFixed(0)} ms`,
    (median(starts.fcc) / bare).toFixed(2),
  ]);
  table.push([
    "fcc --version / node -e 0",
    "",
    `${bare.toFixed(0)} ms`,
    `${median(starts.version).toFixed(0)} ms`,
    (median(starts.version) / bare).toFixed(2),
  ]);

  console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, Node ${process.version}, ${rounds} interleaved rounds\n`);
  console.log("| figure | bare relay | floor | fcc | fcc / floor |\n|---|---|---|---|---|");
  for (const row of table) console.log(`| ${row.join(" | ")} |`);
} finally {
  for (const child of started) child.removeAllListeners("exit").kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
