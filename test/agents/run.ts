import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { inject, onTestFinished } from "vitest";

/** Another build can be put in its place, for work on two things at once. */
export const fccProgram = process.env["FCC_TEST_PROGRAM"] ?? resolve(import.meta.dirname, "../../dist/fcc.js");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine of its own for one test: an empty home, an empty project, and nothing of this process's environment. */
export interface Machine {
  readonly home: string;
  readonly project: string;
  readonly env: Record<string, string>;
  /** Writes the project's `.fccrc` and trusts it. */
  configure(text: string): Promise<void>;
  fcc(args: readonly string[], more?: Record<string, string>): Promise<Ended>;
  run(command: string, args: readonly string[], more?: Record<string, string>): Promise<Ended>;
}

export function createMachine(): Machine {
  const base = mkdtempSync(join(tmpdir(), "fcc-agents-"));
  onTestFinished(() => rm(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const home = join(base, "home");
  const project = join(base, "project");
  const temporary = join(base, "tmp");
  for (const folder of [home, project, temporary]) mkdirSync(folder);
  const installed = inject("installed");
  const folders = [installed.claude, installed.codex].filter((path) => path !== undefined).map((path) => dirname(path));
  const env = {
    HOME: home,
    TMPDIR: temporary,
    PATH: [dirname(process.execPath), ...folders, "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
  };
  const run: Machine["run"] = (command, args, more = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd: project, env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
  const fcc: Machine["fcc"] = (args, more) => run(process.execPath, [fccProgram, ...args], more);
  return {
    home,
    project,
    env,
    fcc,
    run,
    async configure(text) {
      writeFileSync(join(project, ".fccrc"), text);
      const trusted = await fcc(["trust"]);
      if (trusted.code !== 0) throw new Error(`fcc trust failed: ${trusted.stderr}`);
    },
  };
}

/** A user who has started the client before in this folder: no theme, no trust dialog. */
export function experienced(): Machine {
  const machine = createMachine();
  writeFileSync(
    join(machine.home, ".claude.json"),
    JSON.stringify({
      hasCompletedOnboarding: true,
      projects: { [machine.project]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
    }),
  );
  return machine;
}

export interface OpenProxy {
  /** Asks it for a message, as Claude Code does. */
  message(body: object, signal?: AbortSignal): Promise<Response>;
  /** The process of fcc. */
  readonly pid: number;
  close(): Promise<Ended>;
}

/** Keeps fcc's proxy open under `fcc run`, for requests of the test's own. */
export function openProxy(machine: Machine, options: readonly string[] = []): Promise<OpenProxy> {
  const hold =
    "console.log(process.env.FCC_URL + ' ' + process.env.FCC_TOKEN); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, [fccProgram, ...options, "run", "--", process.execPath, "-e", hold], {
    cwd: machine.project,
    env: machine.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const ended = new Promise<Ended>((resolve) => child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    void ended.then(() => reject(new Error(`fcc ended: ${stderr}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const match = /^(\S+) (\S+)\n/.exec(stdout);
      if (!match) return;
      const close = () => {
        child.kill("SIGTERM");
        return ended;
      };
      onTestFinished(async () => void (await close()));
      const [, url = "", token = ""] = match;
      const headers = { authorization: `Bearer ${token}`, "anthropic-version": "2023-06-01", "content-type": "application/json" };
      const message: OpenProxy["message"] = (body, signal) =>
        fetch(`${url}/v1/messages?beta=true`, {
          method: "POST",
          headers,
          body: JSON.stringify({ model: "sonnet", ...body }),
          signal: signal ?? null,
        });
      resolve({ message, pid: child.pid ?? 0, close });
    });
  });
}

/** A profile on one server of the chat wire. */
export function chatProfile(url: string): string {
  return `profile: scripted
providers:
  lab:
    speaks: { chat: { baseUrl: ${url}/v1 } }
profiles:
  scripted:
    model: lab/scripted
`;
}

/** A profile on one server of Claude Code's own wire. */
export function messagesProfile(url: string): string {
  return `profile: native
providers:
  lab: { speaks: { messages: { baseUrl: ${url} } } }
profiles:
  native: { model: lab/scripted }
`;
}

/** A profile on one server as one of fcc's rows knows it; `provider` says which and where. */
export function rowProfile(provider: string, model: string): string {
  return `profile: local
providers:
  here: { ${provider} }
profiles:
  local: { model: ${model} }
`;
}

/** Every file below a folder with the hash of its content. */
export function tree(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
      .sort()
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
  );
}
