import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderOfAllTests } from "../support/folder.ts";
import { bundle, run } from "./built.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const countsSignals = join(fixtures, "counts-signals.mjs");
let built: Awaited<ReturnType<typeof bundle>>;
const folder = folderOfAllTests();

beforeAll(async () => {
  built = await bundle(join(fixtures, "launcher.ts"));
});
afterAll(() => built.remove());

const shell = (script: string, env?: Readonly<Record<string, string>>) => run(built.program, ["/bin/sh", "-c", script], env ? { env } : {});

describe("the end of the client is the end of fcc", () => {
  it.each([0, 1, 2, 42, 126, 127, 130, 255])("code %i", async (code) => {
    expect(await shell(`exit ${code}`).ended).toMatchObject({ code, signal: null, stderr: "" });
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL", "SIGUSR2", "SIGQUIT"] as const)("death by %s", async (signal) => {
    expect(await shell(`ulimit -c 0; kill -${signal.slice(3)} $$`).ended).toMatchObject({ code: null, signal });
  });
});

it("death by a signal that Node itself cannot die of, as a shell tells it", async () => {
  expect(await shell("kill -PIPE $$").ended).toMatchObject({ code: 141, signal: null });
});

describe("a signal to fcc alone, without a terminal", () => {
  const passed = ["SIGTERM", "SIGHUP", "SIGINT", "SIGUSR2", "SIGQUIT", "SIGALRM", "SIGVTALRM", "SIGXCPU", "SIGXFSZ", "SIGABRT"] as const;
  it.each(passed)("%s reaches the client once, and fcc waits for its answer", async (signal) => {
    const running = run(built.program, [process.execPath, countsSignals]);
    await running.printed("ready");
    running.kill(signal);
    expect(await running.ended).toMatchObject({ code: 41, signal: null, stdout: `ready\ngot ${signal}\n` });
  });

  it("a client that does not listen goes on", async () => {
    const running = shell("trap '' TERM; echo ready; sleep 0.5; echo done; exit 3");
    await running.printed("ready");
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 3, signal: null, stdout: "ready\ndone\n" });
  });

  it("a client that dies of it takes fcc along", async () => {
    const running = shell("echo ready; exec sleep 30");
    await running.printed("ready");
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});

it.each(["SIGHUP", "SIGINT"] as const)(
  "%s on Windows is for all that run in the console, and fcc waits for the client's own answer",
  async (signal) => {
    const running = shell("echo ready; sleep 0.5; echo done; exit 3", { WINDOWS: "1" });
    await running.printed("ready");
    running.kill(signal);
    expect(await running.ended).toMatchObject({ code: 3, signal: null, stdout: "ready\ndone\n" });
  },
);

describe("on a terminal", () => {
  const onTerminal = (script: readonly string[], program = `"${process.execPath}" "${countsSignals}"`) =>
    spawnSync("python3", [join(fixtures, "terminal.py"), `"${process.execPath}" "${built.program}" ${program}`, ...script], {
      encoding: "utf8",
      timeout: 18_000,
    });
  const hasPython = spawnSync("python3", ["-c", "import pty"]).status === 0;

  it.skipIf(!hasPython)("^C reaches the client once, by the terminal", () => {
    const { stdout } = onTerminal(["ready", "\\x03"]);
    expect(stdout.match(/got SIGINT/g)).toHaveLength(1);
    expect(stdout).toContain("code=41");
  });

  it.skipIf(!hasPython)("^Z stops both, and fg goes on", () => {
    const { stdout } = onTerminal(["ready", "\\x1a", "Stopped", "fg\n", "continued", "\\x03"]);
    expect(stdout).toContain("Stopped");
    expect(stdout.match(/got SIGINT/g)).toHaveLength(1);
    expect(stdout).toContain("code=41");
  });

  it.skipIf(!hasPython)("the client has the terminal itself", () => {
    const { stdout } = onTerminal([], "test -t 0 -a -t 1 -a -t 2");
    expect(stdout).toMatch(/code=0/);
  });
});

describe("a program that does not start", () => {
  it("is not there: 127", async () => {
    expect(await run(built.program, [join(folder, "none")]).ended).toMatchObject({
      code: 127,
      stderr: expect.stringContaining("is not there"),
    });
  });

  it("names an interpreter that is not there: 127", async () => {
    const path = join(folder, "script");
    writeFileSync(path, "#!/no/such/interpreter\n");
    chmodSync(path, 0o755);
    expect(await run(built.program, [path]).ended).toMatchObject({ code: 127, stderr: expect.stringContaining("interpreter") });
  });

  it("may not be run: 126", async () => {
    const path = join(folder, "data");
    writeFileSync(path, "no program");
    expect(await run(built.program, [path]).ended).toMatchObject({ code: 126, stderr: expect.stringContaining("cannot be run") });
  });
});

describe("standard input of a client that waits for its end", () => {
  const brief = { env: { BRIEF: "1" }, stdin: "pipe" as const };

  it("is handed on, with its end", async () => {
    const running = run(built.program, ["/bin/cat"], brief);
    running.stdin?.write("one ");
    running.stdin?.end("two");
    expect(await running.ended).toMatchObject({ code: 0, stdout: "one two", stderr: "" });
  });

  it("is closed when nothing comes, and that is said", async () => {
    const began = performance.now();
    const ended = await run(built.program, ["/bin/cat"], brief).ended;
    expect(ended).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("nothing came on standard input") });
    expect(performance.now() - began).toBeGreaterThan(2_500);
  });

  it("is not closed when what comes is slow after its beginning", async () => {
    const running = run(built.program, ["/bin/cat"], brief);
    running.stdin?.write("early ");
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    running.stdin?.end("late");
    expect(await running.ended).toMatchObject({ code: 0, stdout: "early late", stderr: "" });
  });

  it("does not keep fcc when the client ends first", async () => {
    expect(await run(built.program, ["/bin/sh", "-c", ":"], brief).ended).toMatchObject({ code: 0 });
  });
});

it("leaves out the lines of standard error that it was told to, and no others", async () => {
  const ended = await shell("echo '[x] a' >&2; echo keep >&2; printf '[x' >&2; sleep 0.1; echo '] b' >&2; printf '[x' >&2", {
    DROPPED: "[x]",
  }).ended;
  expect(ended.stderr).toBe("keep\n[x");
});

it("does not wait for what the client left running, though it holds the standard error that is looked through", async () => {
  const began = performance.now();
  const ended = await shell("sleep 15 > /dev/null & echo last words >&2; exit 3", { DROPPED: "[x]" }).ended;
  expect(ended).toMatchObject({ code: 3, stderr: "last words\n" });
  expect(performance.now() - began).toBeLessThan(10_000);
});

describe("a file that an argument names by its number", () => {
  // As zsh writes `<(echo one)`; bash has higher numbers, which Node leaves open by itself.
  const opened = (args: string) =>
    spawnSync("/bin/sh", ["-c", `echo one > one; exec 9< one; "$0" "$1" ${args}`, process.execPath, built.program], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "" },
    });

  it.each([
    ["/bin/cat /dev/fd/9", "one\n"],
    ["/bin/sh -c 'cat <&9' sh --file=/dev/fd/9", "one\n"],
    ["/bin/cat /dev/fd/63", ""],
    ["/bin/cat /dev/fd/99999999999999999999", ""],
    // A question about it is none.
    ["/bin/sh -c 'cat <&9 || echo none' 'what is /dev/fd/9?'", "none\n"],
  ])("%s", (args, stdout) => {
    expect(opened(args).stdout).toBe(stdout);
  });
});

it("sets exactly the environment that it was given", async () => {
  const ended = await run(built.program, ["/usr/bin/env"], { env: { ONE: "1" } }).ended;
  expect(ended.stdout.split("\n").filter((line) => line.startsWith("ONE="))).toEqual(["ONE=1"]);
});
