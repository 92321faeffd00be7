import type { Machine } from "./machine.ts";

/**
 * A program in kubectl's place: it forwards `:8000` (a port that it chooses and says) or `PORT:8000` to KUBE_TARGET, says what it was called
 * with in a file, and fails as KUBE_FAULT tells it to. A process of its own stands beside it, which has to end with it.
 */
export function writeKubectl(machine: Machine, name = "kubectl"): void {
  machine.write(
    `bin/${name}`,
    `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
const net = require("node:net");
if (process.argv.includes("secret")) {
  appendFileSync(${JSON.stringify(`${machine.base}/secret.log`)}, JSON.stringify(process.argv.slice(2)) + "\\n");
  console.log(process.env.KUBE_KEY);
  process.exit(0);
}
const beside = spawn("/bin/sleep", ["600"], { stdio: "ignore" });
appendFileSync(${JSON.stringify(`${machine.base}/kubectl.log`)}, JSON.stringify({ pid: process.pid, beside: beside.pid, args: process.argv.slice(2) }) + "\\n");
if (process.env.KUBE_FAULT === "dies") {
  console.error('error: \\u001b[31mservices "vllm" not found for token sk-live-0123456789abcdef and ' + process.env.KUBE_KEY + ' (' + Buffer.from(process.env.KUBE_KEY).toString('base64url') + ')');
  process.exit(1);
}
const [local] = (process.argv.find((word) => /^\\d*:8000$/.test(word)) ?? "").split(":");
const server = net.createServer((socket) => {
  const on = net.connect(Number(process.env.KUBE_TARGET), "127.0.0.1");
  socket.on("error", () => on.destroy());
  on.on("error", () => socket.destroy());
  socket.pipe(on).pipe(socket);
});
if (process.env.KUBE_FAULT !== "silent")
  server.listen(Number(local || 0), "127.0.0.1", () => console.log("Forwarding from 127.0.0.1:" + server.address().port + " -> 8000"));
process.on("SIGTERM", () => process.env.KUBE_FAULT === "stubborn" || process.exit(0));
`,
    0o755,
  );
}

export interface Called {
  readonly pid: number;
  readonly beside: number;
  readonly args: readonly string[];
}

/** How it was called, a launch a line. */
export function calls(machine: Machine): readonly Called[] {
  const text = machine.files()["kubectl.log"] ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Called);
}

export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Until what a signal or a launch sets off has happened. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Until it is over, with what it had started: the system may take a moment to bury those whom it leaves behind. */
export function gone(called: Called | undefined): Promise<void> {
  return until(() => called !== undefined && !runs(called.pid) && !runs(called.beside));
}
