import { spawnSync } from "node:child_process";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../launch/built.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();

it("a reader that has read enough ends a command without a word", async () => {
  const sh = run(machine.program, ["providers"], { env: { HOME: join(machine.base, "home") } });
  expect((await sh.ended).code).toBe(0);
  const piped = spawnSync(
    "sh",
    [
      "-c",
      `"${process.execPath}" "${machine.program}" providers | true; "${process.execPath}" "${machine.program}" config schema | head -n 1`,
    ],
    {
      encoding: "utf8",
      env: { HOME: join(machine.base, "home"), PATH: process.env["PATH"] },
    },
  );
  expect(piped.stderr).toBe("");
});

it("what asks no model runs before anything is configured, and nothing is said of a model", async () => {
  machine.write("bin/claude", '#!/bin/sh\necho "$*"\n', 0o755);
  for (const asked of [["--version"], ["mcp", "list"]]) {
    const ended = await machine.fcc(["claude", ...asked], { OLLAMA_HOST: "::::" });
    expect(ended).toMatchObject({ code: 0, stdout: `${asked.join(" ")}\n` });
    expect(ended.stderr).toBe("fcc  OLLAMA_HOST is ignored: it is not an address\n");
  }
  machine.write("home/.config/fcc/config.yaml", "boundary: gateway.corp\n");
  expect(await machine.fcc(["claude", "--version"])).toMatchObject({ code: 0, stdout: "--version\n", stderr: "" });
});

it("what asks no model runs whatever keeps a session from its model, and starts nothing for it", async () => {
  machine.write("bin/claude", '#!/bin/sh\necho "$* $DISABLE_TELEMETRY"\n', 0o755);
  machine.write(
    "home/.config/fcc/config.yaml",
    [
      "providers:",
      "  down: { extends: vllm, baseUrl: 'http://127.0.0.1:9' }",
      "  led: { extends: vllm, baseUrl: 'http://vllm.test', via: { command: [sh, -c, 'touch led; exit 1'] } }",
      "profiles:",
      "  down: { model: down/m }",
      "  led: { model: led/m }",
      "  keyless: { model: openrouter/m }",
      "  outside: { model: down/m, boundary: gateway.corp }",
      "  outside-keyless: { model: openrouter/m, boundary: local }",
    ].join("\n"),
  );
  for (const profile of ["down", "led", "keyless", "outside", "outside-keyless"]) {
    const ended = await machine.fcc(["claude", "--profile", profile, "mcp", "list"]);
    expect(ended, profile).toMatchObject({ code: 0, stdout: `mcp list ${profile.includes("outside") ? 1 : ""}\n`, stderr: "" });
    const isLed = () => existsSync(join(machine.base, "home/.config/fcc/led"));
    expect(isLed()).toBe(false);
    expect(await machine.fcc(["claude", "--profile", profile, "-p", "hi"]), profile).toMatchObject({ stdout: "" });
    expect(isLed()).toBe(profile === "led");
    rmSync(join(machine.base, "home/.config/fcc/led"), { force: true });
  }
});

it("a command that asks a model without a session does not run on the stand-in unasked", async () => {
  machine.write("bin/claude", '#!/bin/sh\necho "$*"\n', 0o755);
  for (const asked of [
    ["auto-mode", "critique"],
    ["plugin", "eval", "."],
    ["plugins", "--verbose", "eval"],
  ]) {
    const unasked = await machine.fcc(["claude", ...asked]);
    expect(unasked).toMatchObject({ code: 2, stdout: "" });
    expect(unasked.stderr).toContain("nothing is configured");
    const named = await machine.fcc(["claude", "--profile", "demo", ...asked]);
    expect(named).toMatchObject({ code: 0, stdout: `${asked.join(" ")}\n` });
    expect(named.stderr).toContain("claude on demo/demo");
  }
  expect(await machine.fcc(["claude", "auto-mode", "critique", "--help"])).toMatchObject({ code: 0 });
});

it("what is said of a command that asks no model is said once, with nothing configured too", async () => {
  machine.write("bin/claude", '#!/bin/sh\necho "$*"\n', 0o755);
  machine.write("project/fcc.config.js", "");
  const { stderr } = await machine.fcc(["claude", "--model", "qwen3:8b", "mcp", "list"], { OLLAMA_HOST: "no address" });
  for (const said of ["--model qwen3:8b names no provider", "OLLAMA_HOST is ignored", "fcc.config.js is not read"])
    expect(stderr.split(said), stderr).toHaveLength(2);
});

it("a launch without a profile is called by what named its model", async () => {
  const byOption = await machine.fcc(["run", "--model", "demo/demo", "--", "true"]);
  expect(byOption.stderr).toMatch(/ {2}\[--model\]\n$/);
  const byVariable = await machine.fcc(["run", "--", "true"], { FCC_MODEL: "demo/demo" });
  expect(byVariable.stderr).toMatch(/ {2}\[FCC_MODEL\]\n$/);
});

it.skipIf(process.platform === "win32")("too few open files for the client are a sentence, at whichever limit", () => {
  machine.write("bin/claude", "#!/bin/sh\necho started\n", 0o755);
  const PATH = `${join(machine.base, "bin")}:/usr/bin:/bin`;
  const at = (limit: number) =>
    spawnSync(
      "sh",
      ["-c", `ulimit -n ${limit}; exec "${process.execPath}" "${machine.program}" claude --profile demo -p hello </dev/null`],
      {
        encoding: "utf8",
        env: { HOME: join(machine.base, "home"), TMPDIR: join(machine.base, "tmp"), PATH },
      },
    );
  // How many Node itself has open differs from one version to the next; below these it does not start.
  for (let limit = 40; limit >= 22; limit -= 2) {
    const { status, stdout, stderr } = at(limit);
    if (status === 0) expect(stdout).toBe("started\n");
    else expect(stderr).not.toMatch(/node:events|Unhandled/);
  }
});

const ownDevices = ["-c", 'exec unshare -rm sh -c \'mount -t tmpfs none /dev && "$@"\' sh "$@"', "sh"];
it.skipIf(spawnSync("sh", [...ownDevices, "true"]).status !== 0)("a client starts where there are no devices", () => {
  machine.write("bin/claude", "#!/bin/sh\necho started\n", 0o755);
  const { status, stdout } = spawnSync(
    "sh",
    [...ownDevices, process.execPath, machine.program, "claude", "--profile", "demo", "--version"],
    {
      encoding: "utf8",
      env: { HOME: join(machine.base, "home"), TMPDIR: join(machine.base, "tmp"), PATH: `${join(machine.base, "bin")}:/usr/bin:/bin` },
    },
  );
  expect([status, stdout]).toEqual([0, "started\n"]);
});

it.skipIf(!existsSync("/dev/full"))("a full disk is a sentence, and no reason to end a session", () => {
  const sh = (line: string) =>
    spawnSync("sh", ["-c", line.replaceAll("fcc", `"${process.execPath}" "${machine.program}"`)], {
      encoding: "utf8",
      env: { HOME: join(machine.base, "home"), PATH: process.env["PATH"] },
    });
  for (const asked of ["--version", "providers", "config schema"]) {
    const { status, stderr } = sh(`fcc ${asked} >/dev/full`);
    expect([status, stderr]).toEqual([1, "fcc: standard output cannot be written: there is no space left.\n"]);
  }
  expect(sh("fcc run --profile demo -- sh -c 'echo ran; exit 7' 2>/dev/full")).toMatchObject({ status: 7, stdout: "ran\n" });
});

it.skipIf(!existsSync("/dev/full"))("a trace on a full disk is named when the session has ended", async () => {
  const file = join(machine.base, "trace.jsonl");
  symlinkSync("/dev/full", file);
  const asks = `const body = JSON.stringify({ model: "opus", max_tokens: 9, messages: [{ role: "user", content: "hello" }] });
    const headers = { authorization: "Bearer " + process.env.FCC_TOKEN };
    console.log((await fetch(process.env.FCC_URL + "/v1/messages", { method: "POST", headers, body })).status);`;
  const ended = await machine.fcc(["run", "--profile", "demo", "--trace", file, "--", process.execPath, "--input-type=module", "-e", asks]);
  expect(ended).toMatchObject({ code: 0, stdout: "200\n" });
  expect(ended.stderr).toContain(`fcc: the trace ${file} (--trace or FCC_TRACE) ends early: there is no space left.`);
});
