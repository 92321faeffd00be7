import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pause } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();

const demo = ["run", "--quiet", "--profile", "demo", "--"];
/** A client for which fcc makes a private folder, and which says who it is before it does what it does. */
const shell = (script: string) => {
  machine.write("bin/claude", `#!/bin/sh\nulimit -c 0; echo $$ > ../client; echo ready; ${script}\n`, 0o755);
  return ["claude", "--quiet", "--profile", "demo"];
};
const clientPid = () => Number(readFileSync(join(machine.base, "client"), "utf8"));
const lives = (pid: number) => {
  try {
    process.kill(pid, 0);
    // What is dead and not yet fetched by its parent is no orphan.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};
const goneWithin = async (pid: number, milliseconds = 5000) => {
  for (let waited = 0; waited < milliseconds && lives(pid); waited += 20) await pause(20);
  return !lives(pid);
};
const leftOvers = () => readdirSync(join(machine.base, "tmp"));
const isLinux = process.platform === "linux";

describe.skipIf(!isLinux)("a signal to fcc", () => {
  it.each(["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR2", "SIGALRM", "SIGABRT", "SIGXCPU"] as const)(
    "%s ends the client too, nothing is left, and the status is true",
    async (signal) => {
      const running = machine.start(shell("exec sleep 60"));
      await running.printed("ready");
      running.kill(signal);
      const ended = await running.ended;
      expect([ended.signal, ended.code]).toEqual([signal, null]);
      expect(await goneWithin(clientPid())).toBe(true);
      expect(leftOvers()).toEqual([]);
    },
  );

  it("SIGUSR1 opens no inspector, and is not the client's affair", async () => {
    const running = machine.start(shell("while [ ! -e ../go ]; do sleep 0.05; done; exit 9"));
    await running.printed("ready");
    running.kill("SIGUSR1");
    await pause(300);
    machine.write("go", "");
    expect(await running.ended).toMatchObject({ code: 9, stderr: "" });
  });

  it.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s during the start ends the command that fetches a key", async (signal) => {
    const pidFile = join(machine.base, "key.pid");
    machine.write("bin/fetch-key", `#!/bin/sh\necho $$ > "${pidFile}"\nexec sleep 37\n`, 0o755);
    const provider = "{ extends: vllm, baseUrl: 'http://127.0.0.1:9', key: { command: [fetch-key] } }";
    machine.write("home/.config/fcc/config.yaml", `profile: a\nproviders:\n  box: ${provider}\nprofiles: { a: box/m }\n`);
    const running = machine.start(["run", "--", "true"]);
    for (let waited = 0; waited < 5000 && !(existsSync(pidFile) && readFileSync(pidFile, "utf8").endsWith("\n")); waited += 20)
      await pause(20);
    running.kill(signal);
    expect((await running.ended).signal).toBe(signal);
    expect(await goneWithin(Number(readFileSync(pidFile, "utf8")), 2000)).toBe(true);
  });

  it("SIGKILL leaves the client alive, and the next launch cleans up", async () => {
    const running = machine.start(shell("exec sleep 60"));
    await running.printed("ready");
    const pid = clientPid();
    running.kill("SIGKILL");
    process.kill(pid, 0);
    process.kill(pid, "SIGKILL");
    expect((await running.ended).signal).toBe("SIGKILL");
    expect(leftOvers().length).toBe(1);
    expect((await machine.fcc([...demo, "true"])).code).toBe(0);
    expect(leftOvers()).toEqual([]);
  });

  it.each(["SIGINT", "SIGKILL"] as const)(
    "%s while a client is installed: the next launch takes away what there is of it",
    async (signal) => {
      machine.write("bin/npm", "#!/bin/sh\nmkdir -p node_modules; kill -$SIGNAL $PPID; sleep 1\n", 0o755);
      const ended = await machine.fcc(["codex", "--yes", "--profile", "demo"], { SIGNAL: signal.slice(3) });
      const clients = join(machine.base, "home/.local/share/fcc/clients");
      expect([ended.signal, readdirSync(clients).length]).toEqual([signal, 1]);
      await machine.fcc(shell("exit"));
      expect(readdirSync(clients)).toEqual([]);
    },
  );

  it("a signal again and again reaches a client that takes its time, and fcc waits for it", async () => {
    const client = "n=0; trap 'n=$((n + 1)); echo asked $n' TERM; while [ ! -e ../go ]; do sleep 0.05; done; exit 9";
    const running = machine.start(shell(client));
    await running.printed("ready");
    for (const count of [1, 2, 3]) {
      running.kill("SIGTERM");
      // Two of a kind that nobody has taken yet are one.
      await running.printed(`asked ${count}`);
    }
    machine.write("go", "");
    const ended = await running.ended;
    expect([ended.code, ended.stdout.match(/asked/g)?.length]).toEqual([9, 3]);
  });
});

describe.skipIf(!isLinux)("a signal to the client", () => {
  it.each(["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR2", "SIGKILL", "SIGSEGV", "SIGABRT", "SIGALRM"] as const)(
    "%s is how fcc ends too",
    async (signal) => {
      const running = machine.start(shell("exec sleep 60"));
      await running.printed("ready");
      process.kill(clientPid(), signal);
      expect(await running.ended).toMatchObject({ signal, code: null });
      expect(leftOvers()).toEqual([]);
    },
  );

  it("and to fcc at the same time is one end", async () => {
    const running = machine.start(shell("exec sleep 60"));
    await running.printed("ready");
    process.kill(clientPid(), "SIGTERM");
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ signal: "SIGTERM", code: null });
    expect(leftOvers()).toEqual([]);
  });
});

/** Asks the launch's model once and prints the last event of its answer. */
const asks = `node --input-type=module -e '
  const { FCC_URL: url, FCC_TOKEN: token } = process.env;
  const body = JSON.stringify({ model: "x", max_tokens: 50, stream: true, messages: [{ role: "user", content: "hi" }] });
  const answer = await fetch(url + "/v1/messages", { method: "POST", body, headers: { "x-api-key": token } });
  console.log((await answer.text()).trim().split("\\n").at(-1));
'`;

describe.skipIf(!isLinux)("suspended and resumed", () => {
  it("fcc alone: the client waits for its answer and gets it", async () => {
    const running = machine.start([...demo, "/bin/sh", "-c", `echo ready; while [ ! -e ../go ]; do sleep 0.02; done; ${asks}`]);
    await running.printed("ready");
    running.kill("SIGSTOP");
    machine.write("go", "");
    await pause(500);
    running.kill("SIGCONT");
    const ended = await running.ended;
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('{"type":"message_stop"}')]);
  });

  it("the client alone: fcc waits", async () => {
    const running = machine.start(shell("sleep 0.2; exit 4"));
    await running.printed("ready");
    process.kill(clientPid(), "SIGSTOP");
    await pause(400);
    process.kill(clientPid(), "SIGCONT");
    expect((await running.ended).code).toBe(4);
  });
});

describe("what the client leaves behind", () => {
  it("a grandchild does not keep fcc, nor does fcc end it", async () => {
    const ended = await machine.fcc(shell("sleep 30 >/dev/null 2>&1 & echo $! > ../grandchild; exit 3"));
    const pid = Number(readFileSync(join(machine.base, "grandchild"), "utf8"));
    expect(ended.code).toBe(3);
    expect(lives(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
    expect(leftOvers()).toEqual([]);
  });
});

/** A shell's line in which fcc stands. */
const line = (script: string, env: Readonly<Record<string, string>> = {}) =>
  spawnSync("bash", ["-c", script], {
    cwd: join(machine.base, "project"),
    env: {
      HOME: join(machine.base, "home"),
      TMPDIR: join(machine.base, "tmp"),
      PATH: process.env["PATH"] ?? "",
      FCC: machine.program,
      ...env,
    },
    encoding: "utf8",
    timeout: 18_000,
  });
const fcc = `"${process.execPath}" "$FCC" run --quiet --profile demo --`;

describe("in a pipeline", () => {
  it.each<[name: string, script: string, out: string, code: number]>([
    ["its output goes on", `${fcc} echo hello | tr a-z A-Z`, "HELLO\n", 0],
    ["its input comes from before", `printf 'one\\ntwo\\n' | ${fcc} cat`, "one\ntwo\n", 0],
    ["the client's status is the pipe's", `set -o pipefail; ${fcc} sh -c 'exit 5' | cat`, "", 5],
    [
      "a reader that has had enough ends the client, as without fcc",
      `${fcc} sh -c 'yes' | head -1; echo "\${PIPESTATUS[0]}"`,
      "y\n141\n",
      0,
    ],
    ["input that never ends does not keep it", `yes | ${fcc} head -1`, "y\n", 0],
    ["closed input and output", `${fcc} sh -c 'exit 6' <&- >&- 2>&-`, "", 6],
    ["in the background it ends by itself", `${fcc} sh -c 'exit 8' & wait $!`, "", 8],
  ])("%s", (_name, script, out, code) => {
    const ended = line(script);
    expect({ out: ended.stdout, code: ended.status, said: ended.stderr }).toEqual({ out, code, said: "" });
    expect(leftOvers()).toEqual([]);
  });
});

it("under CI, without a terminal, nothing of fcc's is on standard output and it asks nothing", async () => {
  const ended = await machine.fcc(["run", "--profile", "demo", "--", "echo", "hello"], { CI: "true", TERM: "dumb" });
  expect([ended.code, ended.stdout, ended.stderr.split("\n").length]).toEqual([0, "hello\n", 2]);
});

const unshare = spawnSync("unshare", ["--pid", "--fork", "--mount-proc", "true"]).status === 0;
describe.skipIf(!unshare)("as the first process of a container", () => {
  const inside = `unshare --pid --fork --mount-proc ${fcc}`;
  it.each<[name: string, script: string, out: string, code: number]>([
    ["the client's code", `${inside} sh -c 'exit 7'`, "", 7],
    ["the client's death, as a shell tells it: the first process does not die of a signal", `${inside} sh -c 'kill -TERM $$'`, "", 143],
    ["a client that is killed", `${inside} sh -c 'kill -KILL $$'`, "", 137],
    ["an answer of the model", `${inside} sh -c '${asks.replaceAll("'", "'\\''")}'`, '{"type":"message_stop"}', 0],
  ])("%s", (_name, script, out, code) => {
    const ended = line(script);
    expect([ended.status, ended.stderr]).toEqual([code, ""]);
    expect(ended.stdout).toContain(out);
  });
});

const python = spawnSync("python3", ["-c", "import pty"]).status === 0;
const machineEnv = () => ({
  HOME: join(machine.base, "home"),
  TMPDIR: join(machine.base, "tmp"),
  PATH: `${join(machine.base, "bin")}:${process.env["PATH"]}`,
});

it.skipIf(!python || !isLinux)("a client that goes on after ^C still waits for what comes on its standard input", () => {
  const client = [
    "import os, signal, time",
    "asked = []",
    "signal.signal(signal.SIGINT, lambda *_: asked.append(1))",
    "os.kill(os.getppid(), signal.SIGINT)",
    "while not asked: time.sleep(0.01)",
    "time.sleep(0.2)",
    "print(os.read(0, 10))",
  ].join("\n");
  const ended = line(`(sleep 1; echo late) | ${fcc} python3 -c "${client}"`);
  expect([ended.stdout, ended.stderr, ended.status]).toEqual(["b'late\\n'\n", "", 0]);
});

it.skipIf(!python || !isLinux).each(["KILL", "TERM", "HUP", "ABRT", "SEGV"])(
  "a client that dies of SIG%s leaves the terminal's modes as they were",
  (signal) => {
    const fcc = [process.execPath, machine.program, ...shell(`stty raw -echo; kill -${signal} $$; sleep 5`)];
    const quoted = fcc.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    // Not what a terminal has by default.
    const script = `stty -ixon erase ^H; stty -g > before; ${quoted}; echo $? > code; stty -g > after`;
    const cwd = join(machine.base, "project");
    const pty = "import pty, sys; pty.spawn(['/bin/sh', '-c', sys.argv[1]])";
    spawnSync("python3", ["-c", pty, script], { cwd, env: machineEnv(), timeout: 15_000 });
    const said = (name: string) => readFileSync(join(cwd, name), "utf8").trim();
    expect(said("code")).toBe(String(128 + constants.signals[`SIG${signal}` as NodeJS.Signals]));
    expect(said("before")).not.toBe("");
    expect(said("after")).toBe(said("before"));
  },
);

it.skipIf(!python || !isLinux)(
  "in the background of a terminal it ends like its client too, and is not stopped for the terminal's modes",
  () => {
    const fcc = [process.execPath, machine.program, ...shell("echo begun > begun; sleep 20")].map((word) => `'${word}'`).join(" ");
    const script = `set -m; ${fcc} & while ! test -f begun; do sleep 0.1; done; kill %1; wait %1; echo $? > code`;
    const cwd = join(machine.base, "project");
    const pty = "import pty, sys; pty.spawn(['/bin/bash', '-c', sys.argv[1]])";
    spawnSync("python3", ["-c", pty, script], { cwd, env: machineEnv(), timeout: 15_000 });
    expect(readFileSync(join(cwd, "code"), "utf8").trim()).toBe("143");
  },
);

it.skipIf(!python || !isLinux)("a client that dies in raw mode leaves no mouse, paste, key or screen mode behind", () => {
  const fcc = [process.execPath, machine.program, ...shell("stty raw; printf '\\033[?1049h\\033[?25l'; kill -KILL $$")];
  const pty = "import pty, sys; pty.spawn(sys.argv[1:])";
  const cwd = join(machine.base, "project");
  const run = (TERM: string) =>
    spawnSync("python3", ["-c", pty, ...fcc], { cwd, env: { ...machineEnv(), TERM }, encoding: "utf8", timeout: 15_000 }).stdout;
  const after = run("xterm").split("\x1b[?25l")[1];
  for (const mode of ["?1047l", "?25h", "?2004l", "?1000l", "?1003l", "?1006l", "?1004l", "?2031l", "<u", ">4m"])
    expect(after).toContain(`\x1b[${mode}`);
  expect(run("dumb").split("\x1b[?25l")[1]).not.toContain("\x1b");
});

it.skipIf(!python || !isLinux).each([
  ["as the client did that dies of it", "exec sleep 60", "1"],
  // Node 20 aborts where it cannot give a terminal its modes back.
  ["with the status of the client that ends itself", "trap 'exit 7' HUP; while :; do sleep 0.1; done", "-7"],
])("a terminal that is closed ends both, %s", async (_how, client, status) => {
  const script = `
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
while b"ready" not in seen:
    seen += os.read(fd, 65536)
os.close(fd)
_, status = os.waitpid(pid, 0)
print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status))
`;
  const ended = spawnSync("python3", ["-c", script, process.execPath, machine.program, ...shell(client)], {
    cwd: join(machine.base, "project"),
    env: machineEnv(),
    encoding: "utf8",
    timeout: 15_000,
  });
  expect(ended.stdout.trim()).toBe(status);
  expect(await goneWithin(clientPid())).toBe(true);
  expect(leftOvers()).toEqual([]);
});
