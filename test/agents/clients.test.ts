import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, inject, it } from "vitest";
import { clients } from "../../src/clients/index.ts";
import { chatProfile, createMachine, type Ended, fccProgram, type Machine, tree } from "./run.ts";
import { type Received, type Say, type ScriptedServer, serveChat } from "./scripted.ts";

const { clients: installed, data, node } = inject("installed");
const hasNamespaces = spawnSync("unshare", ["-nm", "ip", "link", "set", "lo", "up"]).status === 0;
const content = "m4rk3r\n";

/** How one client is driven without a terminal, and what it is known to do. */
interface Driven {
  readonly id: string;
  /** The arguments for one task. */
  readonly ask: (task: string) => readonly string[];
  /** The reply by which it writes a file. */
  readonly writes: (path: string) => Say;
  /** What the model hears of that; undefined: the client ends the task by itself. */
  readonly hears?: RegExp;
  /** Requests of its own beside the task: a title. */
  readonly isAside?: (received: Received) => boolean;
  /** How a refused key is shown, and the code it ends with. */
  readonly unauthorized: { readonly says: RegExp; readonly code: number; readonly requests: number };
  readonly tooLong: { readonly says: RegExp; readonly code: number; readonly requests: number };
  /** Hosts that it asks for all the same, which nothing can switch off. */
  readonly hosts?: RegExp;
  /** A model of the user's own: the environment, files in the home folder. */
  readonly plain: (machine: Machine, url: string) => Readonly<Record<string, string>>;
  /** What it leaves in the project. */
  readonly leaves?: RegExp;
}

const driven: readonly Driven[] = [
  {
    id: "opencode",
    ask: (task) => ["run", task],
    writes: (path) => ({ calls: [{ name: "write", input: { filePath: path, content } }] }),
    hears: /Wrote file successfully/,
    isAside: ({ body }) => JSON.stringify(body.messages[0]).includes("title generator"),
    unauthorized: { says: /Error: .*lab at http:\S+ refused the key from LAB_KEY: Incorrect API key/, code: 1, requests: 1 },
    tooLong: { says: /maximum context length is 8192 tokens/, code: 1, requests: 2 },
    // It brings the library of its plugins up to date at each start.
    hosts: /^registry\./,
    plain(machine, url) {
      const folder = join(machine.home, ".config/opencode");
      mkdirSync(folder, { recursive: true });
      const provider = { mine: { npm: "@ai-sdk/openai-compatible", options: { baseURL: `${url}/v1` }, models: { "my-own": {} } } };
      // Without a schema in it OpenCode would write one there.
      const own = {
        $schema: "https://opencode.ai/config.json",
        model: "mine/my-own",
        agent: { build: { model: "mine/my-own" } },
        provider,
      };
      writeFileSync(join(folder, "opencode.json"), JSON.stringify(own));
      return {};
    },
  },
  {
    id: "qwen",
    ask: (task) => ["--approval-mode", "auto-edit", task],
    writes: (path) => ({ calls: [{ name: "write_file", input: { file_path: path, content } }] }),
    hears: /Successfully created and wrote to new file/,
    isAside: ({ body }) => JSON.stringify(body.messages.at(-1)).includes("Managed memory"),
    unauthorized: { says: /API Error: 401 lab at http:\S+ refused the key from LAB_KEY: Incorrect API key/, code: 1, requests: 1 },
    tooLong: { says: /API Error: 400 This model's maximum context length is 8192 tokens/, code: 1, requests: 1 },
    plain(machine, url) {
      const folder = join(machine.home, ".qwen");
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, "settings.json"),
        JSON.stringify({
          // Without it Qwen Code would bring the file to its present form.
          $version: 4,
          security: { auth: { selectedType: "openai" } },
          model: { name: "my-own" },
          modelProviders: { openai: [{ id: "my-own", baseUrl: `${url}/v1`, envKey: "MY_KEY" }] },
        }),
      );
      return { MY_KEY: "my-own-key" };
    },
  },
  {
    id: "aider",
    ask: (task) => ["--yes-always", "--no-git", "--message", task],
    writes: (path) => ({ text: ["Here it is.\n\n", `${path}\n\`\`\`\n${content}\`\`\`\n`] }),
    unauthorized: { says: /lab at\s+http:\S+\s+refused\s+the\s+key\s+from\s+LAB_KEY/, code: 0, requests: 1 },
    tooLong: { says: /has hit a token limit/, code: 0, requests: 1 },
    plain(machine, url) {
      writeFileSync(join(machine.home, ".aider.conf.yml"), "model: openai/my-own\nweak-model: openai/my-own\n");
      writeFileSync(join(machine.project, ".env"), `OPENAI_API_BASE=${url}/v1\nOPENAI_API_KEY=my-own-key\n`);
      return {};
    },
    leaves: /^\.aider\./,
  },
];

/** A machine on which fcc has installed the clients, and a Node that they run on stands first on PATH. */
function machineWithClients(): Machine {
  const machine = createMachine();
  mkdirSync(join(machine.home, ".local/share/fcc"), { recursive: true });
  symlinkSync(join(data, "clients"), link(machine));
  machine.env["PATH"] = `${node}:/usr/bin:/bin`;
  return machine;
}

const link = (machine: Machine) => join(machine.home, ".local/share/fcc/clients");

/** Every file of the home folder, but for those of the clients themselves. */
function homeOf(machine: Machine): Record<string, string> {
  unlinkSync(link(machine));
  const files = tree(machine.home);
  symlinkSync(join(data, "clients"), link(machine));
  return files;
}

/** The script for the task alone; what the client asks beside it is answered with a title. */
const beside =
  ({ isAside }: Driven, script: readonly Say[]) =>
  (received: Received, taken: { count: number }): Say => {
    if (isAside?.(received)) return { text: ["A title"] };
    return script[taken.count++] ?? { text: ["(no more)"] };
  };
function servedBeside(one: Driven, script: readonly Say[]): Promise<ScriptedServer> {
  const taken = { count: 0 };
  const answer = beside(one, script);
  return serveChat((received) => answer(received, taken));
}
const ofTask = ({ isAside }: Driven, server: ScriptedServer) => server.received.filter((received) => !isAside?.(received));
/** A launch on this profile: a file that the command line names needs no trust. */
function launch(machine: Machine, one: Driven, profile: string, task: string, more?: Record<string, string>): Promise<Ended> {
  return machine.fcc([...given(machine, profile), one.id, ...one.ask(task)], more);
}
function given(machine: Machine, profile: string): readonly string[] {
  const file = join(machine.home, "../fcc.yaml");
  writeFileSync(file, profile);
  return ["--config", file];
}
const withKey = (url: string) => chatProfile(url).replace("    speaks:", "    key: { env: LAB_KEY }\n    speaks:");
const key = { LAB_KEY: "key-of-the-lab" };
const error = (message: string, code: string) => ({ error: { message, type: "invalid_request_error", param: null, code } });

describe.for(driven)("$id, headless", { timeout: 300_000 }, (one) => {
  beforeEach(({ skip }) => {
    if (installed[one.id] === undefined) skip("it could not be installed");
  });

  it("works on the built-in stand-in, and asks for no host but those that nothing can switch off", async () => {
    const machine = machineWithClients();
    const names = join(machine.home, "../names");
    const confined = ["-nm", process.execPath, resolve(import.meta.dirname, "confined.mjs"), names, join(machine.home, "../resolv.conf")];
    const command = [fccProgram, one.id, "--profile", "demo", ...one.ask("hello")];
    const ended = hasNamespaces
      ? await machine.run("unshare", [...confined, process.execPath, ...command])
      : await machine.run(process.execPath, command);
    expect(ended.stderr).toMatch(new RegExp(`^fcc {2}${one.id} on demo/`));
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(ended.stdout).toContain("stand-in");
    const asked = hasNamespaces ? [...new Set(readFileSync(names, "utf8").split("\n"))].filter((name) => name !== "") : [];
    expect(asked.filter((name) => one.hosts?.test(name) !== true)).toEqual([]);
  });

  it("does a task with its tools, in as many requests as it takes, and leaves nothing of ours behind", async () => {
    const machine = machineWithClients();
    const path = join(machine.project, "hello.txt");
    const server = await servedBeside(one, [one.writes(path), { text: ["All done."] }]);
    const ended = await launch(machine, one, withKey(server.url), "Write hello.txt.", key);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(content);
    const requests = ofTask(one, server);
    expect(requests).toHaveLength(one.hears === undefined ? 1 : 2);
    if (one.hears !== undefined) {
      expect(JSON.stringify(requests[1]?.body.messages.at(-1))).toMatch(one.hears);
      expect(ended.stdout).toContain("All done.");
    }
    for (const { body, headers } of server.received) {
      expect(body.model).toBe("scripted");
      expect(headers.authorization).toBe("Bearer key-of-the-lab");
    }
    const files = readdirSync(machine.project).filter((name) => ![".fccrc", "hello.txt"].includes(name));
    expect(files.filter((name) => one.leaves?.test(name) !== true)).toEqual([]);
    expect(readdirSync(machine.env["TMPDIR"] ?? "").filter((name) => name.startsWith("fcc-"))).toEqual([]);
    const written = Object.keys(homeOf(machine)).filter((name) => !/^\.(?:cache|local\/state)\/fcc\//.test(name));
    // The only other port of this machine is the proxy's.
    const tells = (name: string) =>
      Array.from(readFileSync(join(machine.home, name), "latin1").matchAll(/127\.0\.0\.1:\d+/g), ([address]) => address).filter(
        (address) => !server.url.includes(address),
      );
    expect(written.flatMap((name) => tells(name).map((address) => `${name}: ${address}`))).toEqual([]);
  });

  it("shows in a dry run what it would be started with, without the provider's key", async () => {
    const machine = machineWithClients();
    const server = await serveChat([]);
    const ended = await machine.fcc(["--dry-run", ...given(machine, withKey(server.url)), one.id, ...one.ask("hi")], key);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/^ {2}LAB_KEY is taken away$/m);
    expect(ended.stdout).not.toContain("key-of-the-lab");
    expect(ended.stdout).toMatch(/^ {2}main {6}main:scripted -> lab\/scripted/m);
  });

  it.each([
    ["a refused key", "unauthorized", { status: 401, body: error("Incorrect API key provided.", "invalid_api_key") }],
    [
      "a prompt that is too long",
      "tooLong",
      {
        status: 400,
        body: error("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", "context_length_exceeded"),
      },
    ],
  ] as const)("shows %s in words", async (_name, kind, fail) => {
    const machine = machineWithClients();
    // OpenCode takes a message with one of these figures anywhere in it for a failure that passes, and the server's port stands in it.
    const unlucky = /429|50[0234]|524/;
    let server = await serveChat(() => ({ fail }));
    while (unlucky.test(server.url)) server = await serveChat(() => ({ fail }));
    const ended = await launch(machine, one, withKey(server.url), "hi", key);
    const { says, code, requests } = one[kind];
    expect((ended.stdout + ended.stderr).replace(/\u001b\[[\d;]*m/g, "")).toMatch(says);
    expect(ended.code).toBe(code);
    expect(ofTask(one, server)).toHaveLength(requests);
  });

  it("waits as long as a busy server asks, and for no standard input that brings nothing", async () => {
    const machine = machineWithClients();
    const busy = { status: 429, headers: { "retry-after": "2" }, body: error("Slow down", "rate_limit_exceeded") };
    const server = await servedBeside(one, [{ fail: busy }, { text: ["Fine."] }]);
    const child = spawn(process.execPath, [fccProgram, ...given(machine, chatProfile(server.url)), one.id, ...one.ask("hi")], {
      cwd: machine.project,
      env: machine.env,
      stdio: ["pipe", "pipe", "ignore"],
    });
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    child.stdin?.destroy();
    expect(said).toContain("Fine.");
    expect(code).toBe(0);
    expect(ofTask(one, server)).toHaveLength(2);
  });

  it("runs on the user's own model again when it is started without fcc", async () => {
    const machine = machineWithClients();
    const ours = await servedBeside(one, [{ text: ["Ours."] }]);
    const own = await servedBeside(one, [{ text: ["Own."] }]);
    const variables = one.plain(machine, own.url);
    const before = homeOf(machine);
    const through = await launch(machine, one, chatProfile(ours.url), "hi", variables);
    expect(through.stdout, through.stderr).toContain("Ours.");
    expect(own.received).toEqual([]);
    expect(homeOf(machine), "the user's own files are as they were").toMatchObject(before);

    const asked = ours.received.length;
    const program = installed[one.id];
    const alone = await machine.run(program?.path ?? "", [...(program?.before ?? []), ...one.ask("hi")], variables);
    expect(alone.stdout, alone.stderr).toContain("Own.");
    expect(own.received.map(({ body }) => body.model)).toContain("my-own");
    expect(ours.received).toHaveLength(asked);
  });
});

it("has every client of the list driven, in this file or in its own", () => {
  const own = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.ts"));
  for (const { id } of clients) {
    const isDriven = driven.some((one) => one.id === id) || own.some((name) => name.startsWith(`${id}-`));
    expect(isDriven, id).toBe(true);
  }
  expect(existsSync(data)).toBe(true);
});
