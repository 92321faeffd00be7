import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { markOfProcess } from "../../src/launch/alive.ts";
import { startOf } from "../../src/launch/process-start.ts";
import { modelServer } from "../support/model-server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { calls, gone, runs, until, writeKubectl } from "./kubectl.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();
let server: Upstream;
beforeEach(async () => {
  writeKubectl(machine);
  server = await startUpstream(modelServer({ owner: "vllm", key: "sk-cluster-key" }));
});
afterEach(async () => {
  for (const { pid, beside } of calls(machine)) for (const one of [pid, beside]) if (runs(one)) process.kill(one, "SIGKILL");
  await server.close();
});

const configuration = (command: string, more = "") => `profile: work
providers:
  cluster:
    extends: vllm
    baseUrl: http://vllm.team.example:8000
    key: { env: CLUSTER_KEY }
    via: { command: ${command} }
profiles:
  work: { model: { target: cluster/big, context: 65536 }${more} }
  other: { model: { target: near/big, context: 65536 } }
`;
const kubectl = '[kubectl, port-forward, svc/vllm, ":8000"]';
const env = () => ({ CLUSTER_KEY: "sk-cluster-key", KUBE_TARGET: String(server.port) });
const configure = (text: string) => machine.write("home/.config/fcc/config.yaml", text);
/** A client that asks once and prints the status, what came and the process that it was asked by. */
const ask = (model = "process.env.OPENAI_MODEL") => [
  "--",
  process.execPath,
  "--input-type=module",
  "-e",
  `const reply = await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST",
     headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY, "content-type": "application/json" },
     body: JSON.stringify({ model: ${model}, messages: [{ role: "user", content: "hello" }] }) });
   console.log(reply.status, (await reply.text()).slice(0, 300));`,
];

describe("a provider that a command leads to", () => {
  it.each([
    ["the port that it says", kubectl, /^:8000$/],
    ["the port that it is told", '[kubectl, port-forward, svc/vllm, "{port}:8000"]', /^\d+:8000$/],
  ])("is reached at %s, under its own name and with its key", async (_what, command, port) => {
    configure(configuration(command));
    const { code, stdout, stderr } = await machine.fcc(["run", ...ask()], env());
    expect({ code, stdout: stdout.slice(0, 4), stderr: stderr.split("\n").length }).toEqual({ code: 0, stdout: "200 ", stderr: 2 });
    expect(stderr).toContain("http://vllm.team.example:8000 by kubectl");
    expect(server.requests.length).toBeGreaterThan(0);
    for (const { headers } of server.requests)
      expect([headers.host, headers.authorization]).toEqual(["vllm.team.example:8000", "Bearer sk-cluster-key"]);
    const [called, ...more] = calls(machine);
    expect([called?.args[2], more]).toEqual([expect.stringMatching(port), []]);
    // It ended with the session, with all that it had started, and left no note.
    await gone(called);
    expect(Object.keys(machine.files()).filter((name) => name.includes("/beside/"))).toEqual([]);
  });

  it("is started again when its command ends in the middle of a session", async () => {
    configure(configuration(kubectl));
    const [dash = "", node = "", type = "", e = "", script = ""] = ask();
    // The pod goes between the turns.
    const turn = `{ ${script} }`;
    const end = `const { readFileSync } = await import("node:fs");
      process.kill(JSON.parse(readFileSync(${JSON.stringify(join(machine.base, "kubectl.log"))}, "utf8").split("\\n")[0]).pid, "SIGKILL");
      await new Promise((go) => setTimeout(go, 300));`;
    const { stdout } = await machine.fcc(["run", dash, node, type, e, `${turn} ${end} ${turn}`], env());
    expect(stdout.match(/^200 /gm)).toHaveLength(2);
    expect(calls(machine)).toHaveLength(2);
  });

  it("says what its command said where it fails, without secrets and escapes", async () => {
    configure(configuration(kubectl));
    const { code, stdout, stderr } = await machine.fcc(["run", ...ask()], { ...env(), KUBE_FAULT: "dies", KUBE_KEY: "sk-cluster-key" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(
      stderr,
    ).toBe(`fcc: nothing leads to cluster: \`kubectl port-forward svc/vllm :8000\` ended with exit code 1 (~/.config/fcc/config.yaml:7). It said:
       error: services "vllm" not found for token [redacted] and [redacted] ([redacted])
`);
    await gone(calls(machine)[0]);
  });

  it("says that the command is not there", async () => {
    configure(configuration("[no-such-program, x]"));
    const { code, stderr } = await machine.fcc(["run", ...ask()], env());
    expect([code, stderr]).toEqual([1, expect.stringContaining("`no-such-program x` was not found")]);
  });

  it("is named by its command in a dry run, which starts nothing", async () => {
    configure(configuration('[kubectl, port-forward, --token, sk-cluster-key, svc/vllm, ":8000"]'));
    const { code, stdout } = await machine.fcc(["run", "--dry-run", "--", "true"], env());
    expect(code).toBe(0);
    expect(stdout).toContain(
      "started before it\n  kubectl port-forward --token *** svc/vllm :8000  (leads to cluster, from ~/.config/fcc/config.yaml:7)\n",
    );
    expect(calls(machine)).toEqual([]);
  });

  it("stands still where no target of the profile is on it, whatever a request names", async () => {
    configure(
      configuration(kubectl).replace("providers:", `providers:\n  near: { speaks: { chat: "${server.url}" }, key: { env: CLUSTER_KEY } }`),
    );
    const { stdout } = await machine.fcc(["run", "--profile", "other", ...ask('"cluster/big"')], env());
    expect(stdout).toMatch(/^404 .*runs only where a target of the profile is on cluster/);
    expect(calls(machine)).toEqual([]);
  });

  it("is asked by `fcc models` and checked by `fcc doctor`", async () => {
    configure(configuration(kubectl));
    expect((await machine.fcc(["models"], env())).stdout).toMatch(/^cluster\/big +128k/m);
    const doctor = await machine.fcc(["doctor", "--no-agent"], env());
    expect(doctor.stdout).toMatch(/^ok +what leads there +port \d+ of this machine, by `kubectl port-forward svc\/vllm :8000`$/m);
    expect(doctor.stdout).toMatch(/^ok +connection \(TCP\) +connected to 127\.0\.0\.1/m);
    const failed = await machine.fcc(["doctor", "--no-agent"], { ...env(), KUBE_FAULT: "dies" });
    expect(failed.stdout).toMatch(/^A launch would fail: what leads there: nothing leads to cluster/m);
    for (const one of calls(machine)) await gone(one);
  });
});

describe("under a boundary", () => {
  it.each([
    ["local", 2, /outside the boundary \(local\): `kubectl` .* forwards it to a machine elsewhere/],
    ["private", 0, /^fcc {2}run on cluster/],
    ["[vllm.team.example]", 0, /^fcc {2}run on cluster/],
    ["[127.0.0.0/8]", 0, /^fcc {2}run on cluster/],
    ["[other.example]", 2, /outside the boundary \(other\.example\)/],
  ])("%s", async (boundary, code, said) => {
    configure(configuration(kubectl, `, boundary: ${boundary}`));
    const ended = await machine.fcc(["run", ...ask()], env());
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(said)]);
    expect([calls(machine).length, ended.stdout.slice(0, 4)]).toEqual(code === 0 ? [1, "200 "] : [0, ""]);
  });
});

describe("whatever ends fcc", () => {
  const client = ["--", "/bin/sh", "-c", "trap 'exit 3' TERM; echo ready; while kill -0 $PPID 2>/dev/null; do sleep 0.1; done"];

  it("SIGTERM to a session takes the command along, though it does not want to go", async () => {
    configure(configuration(kubectl));
    const running = machine.start(["run", ...client], { ...env(), KUBE_FAULT: "stubborn" });
    await running.printed("ready");
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 3 });
    const [called] = calls(machine);
    await gone(called);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s while it waits for the command", async (signal) => {
    configure(configuration(kubectl));
    const running = machine.start(["run", ...client], { ...env(), KUBE_FAULT: "silent" });
    await until(() => calls(machine).length === 1);
    running.kill(signal);
    expect(await running.ended).toMatchObject({ signal });
    const [called] = calls(machine);
    await gone(called);
  });

  it("is ended in silence too where there can be no note of it", async () => {
    configure(configuration(kubectl));
    const ended = await machine.fcc(["run", "--quiet", ...ask()], { ...env(), XDG_CACHE_HOME: "/dev/null/cache" });
    expect({ code: ended.code, stdout: ended.stdout.slice(0, 4), stderr: ended.stderr }).toEqual({ code: 0, stdout: "200 ", stderr: "" });
    await gone(calls(machine)[0]);
  });

  it("the next launch ends what SIGKILL left, and nothing else", async () => {
    configure(configuration(kubectl));
    const running = machine.start(["run", ...client], env());
    await running.printed("ready");
    running.kill("SIGKILL");
    await running.ended;
    const [called] = calls(machine);
    expect(runs(called?.pid ?? 0)).toBe(true);
    // A note of a process that has the number of another one now: the start time is not its own.
    const foreign = spawn("/bin/sleep", ["600"], { stdio: "ignore", detached: true });
    const start = startOf(foreign.pid ?? 0) ?? 0;
    machine.write(`home/.cache/fcc/beside/${markOfProcess().replace(/^\d+-\d+/, "999999999-1")}-${foreign.pid}-${start - 1}`, "");
    await machine.fcc(["run", "--profile", "demo", "--", "/bin/sleep", "0.5"]);
    expect([runs(called?.pid ?? 0), runs(called?.beside ?? 0), runs(foreign.pid ?? 0)]).toEqual([false, false, true]);
    foreign.kill("SIGKILL");
    expect(Object.keys(machine.files()).filter((name) => name.includes("/beside/"))).toEqual([]);
  });
});

describe("in a project's own file", () => {
  it("it is not run before the file is trusted, and is shown among the commands", async () => {
    machine.write("project/.fccrc", configuration(kubectl));
    expect(await machine.fcc(["run", ...ask()], env())).toMatchObject({ code: 2 });
    expect((await machine.fcc(["doctor", "--no-agent"], env())).code).toBe(2);
    expect(calls(machine)).toEqual([]);
    const shown = await machine.fcc(["trust", "--yes"], env());
    expect(shown.stderr + shown.stdout).toMatch(/Commands:\n +kubectl port-forward svc\/vllm :8000 \(the way to provider cluster/);
    expect((await machine.fcc(["run", ...ask()], env())).stdout).toMatch(/^200 /);
  });
});
