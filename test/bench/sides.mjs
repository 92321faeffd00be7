// The processes that are measured side by side: the mock upstream alone, a bare relay, a bare translator ("floor"), fcc.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const here = import.meta.dirname;
const started = [];

/** Starts a process that prints one line; resolves with the process and the line. */
function start(args, env) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env });
  started.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece) => {
      text += piece;
      if (text.includes("\n")) resolve({ pid: child.pid, line: text.slice(0, text.indexOf("\n")) });
    });
    child.on("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)));
  });
}

export async function startSides(fcc, folder) {
  const env = { PATH: process.env.PATH, HOME: folder, BENCH_LAG: join(folder, "lag") };
  const watched = ["--import", pathToFileURL(join(here, "lag.mjs")).href];
  const upstream = await start([join(here, "upstream.mjs")], env);
  const relay = await start([...watched, join(here, "relay.mjs"), upstream.line], env);
  const floor = await start([...watched, join(here, "floor.mjs"), upstream.line], env);
  const config = join(folder, "config.yaml");
  const lines = [
    "profile: bench",
    "providers:",
    `  mock: { speaks: { chat: { baseUrl: ${upstream.line}/v1 } } }`,
    `  native: { speaks: { messages: { baseUrl: ${upstream.line}/v1 } } }`,
    "profiles:",
    "  bench: { model: { target: mock/bench, context: 4000000 } }",
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  const hold = "console.log(process.env.FCC_URL + ' ' + process.env.FCC_TOKEN); setInterval(() => {}, 1000)";
  const command = ["--quiet", "--config", config, "run", "--"];
  const proxied = await start([...watched, fcc, ...command, process.execPath, "-e", hold], env);
  const [url, token] = proxied.line.split(" ");
  return {
    env,
    launch: [fcc, ...command],
    upstream: { url: upstream.line, pid: upstream.pid },
    relay: { url: relay.line, pid: relay.pid },
    floor: { url: floor.line, pid: floor.pid },
    fcc: { url, token, pid: proxied.pid },
  };
}

/** Ends them all; what they still put away is there when this resolves. */
export async function stopSides() {
  const ended = started.map((child) => {
    const { exitCode, signalCode } = child.removeAllListeners("exit");
    return exitCode === null && signalCode === null ? once(child, "exit") : undefined;
  });
  for (const child of started) child.kill("SIGTERM");
  await Promise.all(ended);
}

/** Microseconds that all threads of a process have been running (Linux). */
export function cpuOf({ pid }) {
  const threads = readdirSync(`/proc/${pid}/task`);
  return (
    threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]), 0) / 1000
  );
}

/** Megabytes of memory in use by a process. */
export function residentOf({ pid }) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

/** Milliseconds: p99 of the event loop's delay in the last half second. */
export function lagOf({ pid }, env) {
  return Number(readFileSync(`${env.BENCH_LAG}.${pid}`, "utf8"));
}
