import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { claude } from "../../src/clients/claude.ts";
import type { Client } from "../../src/clients/client.ts";
import type { NodePackage, PythonPackage } from "../../src/clients/package.ts";
import { findClient } from "../../src/launch/find.ts";
import { installClient } from "../../src/launch/install.ts";
import { folderOfEachTest } from "../support/folder.ts";

const machine = { platform: "linux", arch: "x64", musl: false };
const script: NodePackage = { from: "npm", package: "parrot", version: "1.2.3", script: "parrot/cli.js", node: "20.0.0" };
const module: PythonPackage = {
  from: "pip",
  package: "parrot-chat",
  version: "1.2.3",
  module: "parrot",
  python: { from: "3.10", below: "3.13" },
};
const of = (install: NodePackage | PythonPackage): Client => ({ ...claude, id: "parrot", name: "Parrot", command: "parrot", install });

const base = folderOfEachTest();

function program(path: string, text: string): void {
  mkdirSync(dirname(join(base(), path)), { recursive: true });
  writeFileSync(join(base(), path), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

const env = () => ({ PATH: `${join(base(), "bin")}:/usr/bin:/bin`, LOG: join(base(), "log") });
const places = () => ({ env: env(), home: join(base(), "home"), machine, data: join(base(), "data") });
const install = (client: Client) => installClient(client, { ...places(), say: () => {} });
/** A `python` of a version that makes environments with a copy of itself in them. */
const python = (version: string, run = "exit 0") => `echo "$0 $*" >> "$LOG"
case "$*" in
  --version) echo "Python ${version}" ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *) ${run} ;;
esac`;

describe("a client that Node starts", () => {
  it("is its script, given to a Node that is new enough", async () => {
    program("bin/npm", "mkdir -p node_modules/parrot && echo 'console.log(`1.2.3`)' > node_modules/parrot/cli.js");
    const started = { path: process.execPath, before: [join(base(), "data/clients/parrot-1.2.3/node_modules/parrot/cli.js")] };
    expect(await install(of(script))).toEqual({ program: started });
    expect(findClient(of(script), places())).toEqual(started);
  });

  it("leaves no version behind but the one before", async () => {
    program("bin/npm", "mkdir -p node_modules/parrot && echo 'console.log(`1.2.3`)' > node_modules/parrot/cli.js");
    const clients = join(base(), "data/clients");
    for (const name of ["parrot-0.9.9", "parrot-1.10.0", "parrot-1.2.2", "parrot-chat-0.1.0", "parrot-1.2.3"])
      mkdirSync(join(clients, name), { recursive: true });
    await install(of(script));
    expect(readdirSync(clients)).toEqual(["parrot-1.10.0", "parrot-1.2.3", "parrot-chat-0.1.0"]);
  });

  it("takes the Node of PATH where fcc's own is too old", async () => {
    program("bin/node", "case $1 in --version) echo v99.1.0 ;; esac");
    program("bin/npm", "mkdir -p node_modules/parrot && touch node_modules/parrot/cli.js");
    expect(await install(of({ ...script, node: "99.0.0" }))).toMatchObject({ program: { path: "node" } });
  });

  it("says which Node is missing, before anything is installed", async () => {
    program("bin/node", "echo v98.0.0");
    program("bin/npm", "exit 1");
    const result = await install(of({ ...script, node: "99.0.0" }));
    const seen = `fcc runs on ${process.versions.node}, and \`node\` on PATH is 98.0.0`;
    expect(result).toEqual({ error: `it needs Node 99.0.0 or later (${seen})` });
  });
});

describe("a client of Python", () => {
  it("lives in an environment of its own, made by the newest Python that it runs on", async () => {
    program("bin/python3.13", python("3.13.1"));
    program("bin/python3.11", python("3.11.7"));
    program("bin/python3", python("3.13.1"));
    const started = { path: join(base(), "data/clients/parrot-1.2.3/bin/python"), before: ["-I", "-m", "parrot"] };
    expect(await install(of(module))).toEqual({ program: started });
    expect(findClient(of(module), places())).toEqual(started);
  });

  it("is not looked for in the working folder, which may be a clone", () => {
    program("data/clients/parrot-1.2.3/bin/python", 'exec python3 "$@"');
    mkdirSync(join(base(), "clone/parrot"), { recursive: true });
    writeFileSync(join(base(), "clone/parrot/__main__.py"), "print('the clone ran')");
    const { path = "", before = [] } = findClient(of(module), places()) ?? {};
    expect(spawnSync(path, before, { cwd: join(base(), "clone"), encoding: "utf8" })).toMatchObject({
      stdout: "",
      stderr: expect.stringContaining("No module named parrot"),
    });
  });

  it("says which Python is missing", async () => {
    for (const name of ["python3.12", "python3.11", "python3.10"]) program(`bin/${name}`, "exit 127");
    for (const name of ["python3", "python"]) program(`bin/${name}`, python("3.13.1"));
    expect(await install(of(module))).toEqual({ error: "it needs Python 3.10 or later, before 3.13 (on PATH is 3.13.1)" });
  });

  it.each([
    ["it cannot make an environment", "exit 0", "ensurepip is not available", /^venv failed: ensurepip is not available/],
    ["pip fails", "echo 'ERROR: No matching distribution found' >&2; exit 1", "", /^pip failed: No matching distribution found/],
    ["what came does not run", 'case "$3" in parrot) echo broken >&2; exit 1 ;; esac', "", /does not run: broken/],
  ])("leaves nothing behind when %s", async (_name, run, venv, reason) => {
    const text = python("3.12.1", run);
    program("bin/python3.12", venv === "" ? text : text.replace('mkdir -p "$3/bin"', `echo '${venv}'; exit 1`));
    expect(await install(of(module))).toEqual({ error: expect.stringMatching(reason) });
    expect(readdirSync(join(base(), "data/clients"))).toEqual([]);
  });
});
