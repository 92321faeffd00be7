import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { modelServer } from "../support/model-server.ts";
import { type Arrived, startUpstream, type Upstream } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function upstream(...scripts: Parameters<typeof startUpstream>): Promise<Upstream> {
  const server = await startUpstream(...scripts);
  closing.push(() => server.close());
  return server;
}

const userFile = "home/.config/fcc/config.yaml";
/** A client of one request, which prints its status. */
const client = (text = "hello") => [
  "--",
  process.execPath,
  "--input-type=module",
  "-e",
  `const answer = await fetch(process.env.FCC_URL + "/v1/messages", { method: "POST", headers: { authorization: "Bearer " + process.env.FCC_TOKEN },
    body: JSON.stringify({ model: "opus", max_tokens: 9, messages: [{ role: "user", content: ${JSON.stringify(text)} }] }) });
  const body = await answer.text();
  console.log(answer.status, answer.ok ? "" : body);`,
];

describe("a gateway of one's own", () => {
  it("with a path before the wire's, and a bearer by a command that is run again when it has expired", async () => {
    const inner = modelServer();
    let valid = "first-bearer-1";
    const gateway = await upstream((request, response, incoming) => {
      if (request.headers.authorization !== `Bearer ${valid}` || request.headers["x-tenant"] !== "blue") {
        response.writeHead(401, { "content-type": "application/json" }).end('{"error":{"message":"token expired"}}');
        return;
      }
      return inner(Object.create(request, { path: { value: request.path.replace("/llm/team/v1", "/v1") } }) as Arrived, response, incoming);
    });
    machine.write("home/token", valid, 0o600);
    machine.write("bin/bearer", '#!/bin/sh\nprintf "Bearer %s" "$(cat "$HOME/token")"\necho ran >> "$HOME/runs"\n', 0o755);
    machine.write(
      userFile,
      `providers:\n  gateway:\n    speaks: { chat: { baseUrl: "${gateway.url}/llm/team/v1" } }\n    headers: { authorization: { command: [bearer] }, x-tenant: { env: TENANT } }\nprofiles: { mine: gateway/big }\n`,
    );
    const again = client().at(-1)?.replaceAll("const ", "var ") ?? "";
    const twice = [...client().slice(0, -1), `${again}; await new Promise((done) => setTimeout(done, 300)); ${again}`];
    const before = machine.start(["run", ...twice], { TENANT: "blue" });
    await before.printed("200");
    machine.write("home/token", "second-bearer-2", 0o600);
    valid = "second-bearer-2";
    const ended = await before.ended;
    expect(ended.stdout.match(/200/g)).toHaveLength(2);
    expect(readFileSync(join(machine.base, "home/runs"), "utf8").match(/ran/g)).toHaveLength(2);
    expect(ended.stdout + ended.stderr).not.toMatch(/bearer-[12]/);
  });
});

describe("a private authority", () => {
  const missing = spawnSync("openssl", ["version"]).error !== undefined;

  it.skipIf(missing)("is accepted where it is named, with the client's certificate and the name on the server's", async () => {
    const ssl = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: machine.base, stdio: "pipe" });
    const make = (name: string, subject: string, extension: string) => {
      ssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", subject);
      machine.write(`${name}.ext`, extension);
      ssl(
        "x509",
        "-req",
        "-in",
        `${name}.csr`,
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "1",
        "-out",
        `${name}.pem`,
        "-extfile",
        `${name}.ext`,
      );
    };
    ssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "1", "-subj", "/CN=Team CA");
    make("server", "/CN=models.team.example", "subjectAltName=DNS:models.team.example");
    make("me", "/CN=me", "extendedKeyUsage=clientAuth");
    ssl("rsa", "-aes128", "-passout", "pass:secret", "-in", "me.key", "-out", "locked.key");
    const pem = (name: string) => readFileSync(join(machine.base, name), "utf8");
    const plain = await upstream(modelServer());
    const server = createServer(
      { key: pem("server.key"), cert: pem("server.pem"), ca: pem("ca.pem"), requestCert: true, rejectUnauthorized: true },
      (incoming, response) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", async () => {
          const body = Buffer.concat(chunks);
          const answer = await fetch(plain.url + incoming.url, { method: incoming.method ?? "GET", ...(body.length > 0 && { body }) });
          response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(await answer.text());
        });
      },
    );
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    closing.push(() => new Promise((done) => server.close(done)));
    const { port } = server.address() as AddressInfo;
    const configure = (tls: string) =>
      machine.write(
        userFile,
        `providers: { lab: { speaks: { chat: { baseUrl: "https://127.0.0.1:${port}/v1" } }${tls} } }\nprofiles: { mine: lab/big }\n`,
      );
    const base = machine.base;

    configure(`, tls: { ca: ${base}/ca.pem, cert: ${base}/me.pem, key: ${base}/me.key, serverName: models.team.example }`);
    expect(await machine.fcc(["run", ...client()])).toMatchObject({ stdout: "200 \n" });
    configure(`, tls: { cert: ${base}/me.pem, key: ${base}/me.key, serverName: models.team.example }`);
    expect(await machine.fcc(["run", ...client()], { NODE_EXTRA_CA_CERTS: `${base}/ca.pem` })).toMatchObject({ stdout: "200 \n" });
    // Said at the start where the server answers in time, else in the reply.
    const said = async () => {
      const { stdout, stderr } = await machine.fcc(["run", ...client()]);
      return `${stderr}${stdout}`.replace(/\s+/g, " ");
    };
    expect(await said()).toMatch(/certificate is not accepted \(\w+\)\. Name its authority in providers\.lab\.tls\.ca/);
    configure(`, tls: { ca: ${base}/ca.pem, cert: ${base}/me.pem, key: ${base}/me.key, serverName: other.example }`);
    expect(await said()).toMatch(/certificate is for another name \(\w+\)\. Name that in .* providers\.lab\.tls\.serverName/);
    for (const [pair, why] of [
      [`cert: ${base}/me.pem, key: ${base}/server.key`, "the key is not that of the certificate"],
      [`cert: ${base}/me.pem, key: ${base}/locked.key`, "the key is encrypted"],
      [`cert: ${base}/me.pem`, "cert and key are of use only together"],
      [`cert: ${base}/me.key, key: ${base}/me.key`, "cert and key cannot be used: "],
    ]) {
      configure(`, tls: { ca: ${base}/ca.pem, ${pair} }`);
      expect(await machine.fcc(["run", ...client()])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`providers.lab.tls: ${why}`),
      });
    }
    configure(`, tls: { ca: ${base}/nowhere.pem }`);
    expect(await machine.fcc(["run", ...client()])).toMatchObject({ code: 2, stderr: expect.stringContaining("providers.lab.tls.ca") });
  });
});

describe("the record that configuration asks for", () => {
  it("has a line a request, with nothing of what was said, beside the trace that the user asks for", async () => {
    const server = await upstream(modelServer());
    machine.write(
      userFile,
      `trace: ~/record.jsonl\nproviders: { lab: { speaks: { chat: { baseUrl: "${server.url}" } } } }\nprofiles: { mine: { model: [lab/nothing, lab/big] } }\n`,
    );
    for (const args of [[], ["--trace", "mine.jsonl", "--trace-bodies"]]) await machine.fcc(["run", ...args, ...client("my secret plan")]);
    const record = readFileSync(join(machine.base, "home/record.jsonl"), "utf8");
    const lines = record
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      profile: "mine",
      endpoint: "/v1/messages",
      model: "opus",
      target: "lab/big",
      attempts: 2,
      status: 200,
      usage: { input: expect.any(Number) },
      duration: expect.any(Number),
    });
    expect(lines[0]).not.toHaveProperty("failure");
    expect(record).not.toContain("my secret plan");
    expect(readFileSync(join(machine.base, "project/mine.jsonl"), "utf8")).toContain("my secret plan");
    expect(statSync(join(machine.base, "home/record.jsonl")).mode & 0o777).toBe(0o600);
    machine.write(userFile, `trace: /nowhere/at/all\nprofiles: { mine: demo/demo }\n`);
    expect(await machine.fcc(["run", "--", "true"])).toMatchObject({
      code: 2,
      stderr: "fcc: the trace /nowhere/at/all (~/.config/fcc/config.yaml:1) cannot be written: its folder is not there.\n",
    });
  });
});

describe("a boundary", () => {
  it("is the end of what --yes does: no client is fetched from outside it", async () => {
    machine.write("bin/npm", "#!/bin/sh\necho ran > ../npm-ran; exit 1\n", 0o755);
    const started = (boundary: string) => {
      machine.write(userFile, `profile: demo\n${boundary}`);
      return machine.fcc(["codex", "--yes"]);
    };
    const said = /^fcc: Codex is not installed.*\n.*Under a boundary --yes installs nothing.*: npm install -g /;
    expect(await started("boundary: private\n")).toMatchObject({ code: 127, stderr: expect.stringMatching(said) });
    expect(existsSync(join(machine.base, "npm-ran"))).toBe(false);
    expect(await started("")).toMatchObject({ code: 127, stderr: expect.stringContaining("could not be installed") });
  });
});

/** Whether this test may lay another /etc over the real one, for its own processes only. */
const mounts = spawnSync("unshare", ["-m", "true"]).status === 0;

describe.skipIf(!mounts)("the system's file", () => {
  const underSystem = (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    machine.write("etc/fcc/config.yaml", file);
    const shell = `cp -a /etc/. "$ETC"/ 2>/dev/null; mount --bind "$ETC" /etc && exec "$NODE" "$@"`;
    return new Promise<{ stdout: string; stderr: string; code: number | null }>((done) => {
      const running = spawnSync("unshare", ["-m", "sh", "-c", shell, "sh", machine.program, ...args], {
        cwd: join(machine.base, "project"),
        encoding: "utf8",
        env: {
          HOME: join(machine.base, "home"),
          PATH: process.env["PATH"],
          NODE: process.execPath,
          ETC: join(machine.base, "etc"),
          ...env,
        },
      });
      done({ stdout: running.stdout, stderr: running.stderr, code: running.status });
    });
  };

  it("holds what it locks against files, variables and options", async () => {
    const locked = `locked: [boundary, providers, trace]
boundary: private
trace: ~/required.jsonl
providers: { lab: { speaks: { chat: { baseUrl: "http://127.0.0.1:9/v1" } } } }
`;
    machine.write(
      userFile,
      'boundary: ["*"]\ntrace: ~/mine.jsonl\nproviders: { lab: { speaks: { chat: { baseUrl: "http://127.0.0.1:1/v1" } } }, other: { extends: vllm, baseUrl: "http://127.0.0.1:1" } }\nprofiles: { mine: lab/big, far: { model: openrouter/x, boundary: ["*"] } }\nprofile: mine\n',
    );
    const shown = await underSystem(locked, ["config", "explain"], { OLLAMA_HOST: "http://127.0.0.1:2" });
    expect(shown.stdout).toMatch(/providers\.lab\.speaks\.chat\.baseUrl = http:\/\/127\.0\.0\.1:9\/v1 {2}\(\/etc\/fcc\/config\.yaml:4\)/);
    expect(shown.stdout).toContain("locked = [boundary, providers, trace]  (/etc/fcc/config.yaml:1)");
    expect(shown.stderr).toContain("providers.ollama.baseUrl (OLLAMA_HOST) is ignored: locked by /etc/fcc/config.yaml:1");
    expect(shown.stderr).toContain("trace (~/.config/fcc/config.yaml:2) is ignored");
    expect(await underSystem(locked, ["run", "--profile", "far", "--", "true"], { OPENROUTER_API_KEY: "k-12345678" })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("openrouter/x is outside the boundary (private)"),
    });
    const traced = await underSystem(locked, ["run", "--profile", "demo", "--trace", "own.jsonl", ...client()]);
    expect(traced).toMatchObject({ code: 0, stdout: "200 \n" });
    expect(readFileSync(join(machine.base, "home/required.jsonl"), "utf8")).toContain('"status":200');
    expect(existsSync(join(machine.base, "project/own.jsonl"))).toBe(true);
    expect(existsSync(join(machine.base, "home/mine.jsonl"))).toBe(false);
  });

  it("can fix the profile and its models", async () => {
    const locked = "locked: [profile, profiles]\nprofile: ours\nprofiles: { ours: demo/demo }\n";
    machine.write(userFile, "profile: mine\nprofiles: { mine: ollama/x }\n");
    for (const [args, env] of [
      [["--profile", "demo"], {}],
      [["--model", "ollama/x"], {}],
      [[], { FCC_PROFILE: "mine" }],
      [[], { FCC_MODEL: "ollama/x" }],
    ] as const)
      expect(await underSystem(locked, ["run", ...args, "--", "true"], env)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("locked by /etc/fcc/config.yaml:1"),
      });
    expect(await underSystem(locked, ["run", "--", "true"], { MODEL: "ollama/x" })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("run on demo/demo"),
    });
  });
});
