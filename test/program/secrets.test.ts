import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ended } from "../launch/built.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();
let server: Upstream;
beforeEach(async () => {
  // A server that repeats the key in its errors, and colours what it says.
  server = await startUpstream((request, response, incoming) => {
    const key = String(request.headers["authorization"] ?? "").replace("Bearer ", "");
    const script =
      request.path === "/v1/models"
        ? answerJson({ object: "list", data: [{ id: "plain" }, { id: "mo\u001b[31mdel\u001b]0;title\u0007", owned_by: "x" }] })
        : answerJson(
            {
              error: {
                message: `\u001b[2JIncorrect API key provided: ${key}. \u009b31m`,
                type: "invalid_request_error",
                code: "invalid_api_key",
              },
            },
            401,
          );
    return script(request, response, incoming);
  });
  machine.write(
    "home/.config/fcc/config.yaml",
    `profile: lab
providers:
  lab:
    speaks: { chat: { baseUrl: "${server.url}/v1" } }
    key: [{ env: LAB_KEY }, { file: ~/.secrets/lab }, { command: [printf, sk-command-${secret}] }]
    headers: { authorization-extra: { env: LAB_HEADER } }
profiles:
  lab: { model: { target: lab/m, context: 65536 } }
`,
  );
  machine.write("home/.secrets/lab", `sk-file-${secret}\n`, 0o600);
  machine.write("bin/claude", "#!/bin/sh\nenv\n", 0o755);
});
afterEach(() => server.close());

const secret = "S3CR3T0123456789";
const env = { LAB_KEY: `sk-variable-${secret}`, LAB_HEADER: `sk-header-${secret}` };
const asking = [
  "--",
  process.execPath,
  "--input-type=module",
  "-e",
  `for (const path of ["/v1/messages", "/v1/responses", "/v1/chat/completions"]) {
     const answer = await fetch(process.env.FCC_URL + path, { method: "POST",
       headers: { authorization: "Bearer " + process.env.FCC_TOKEN, "content-type": "application/json" },
       body: JSON.stringify({ model: "x", max_tokens: 5, input: "hi", messages: [{ role: "user", content: "hi" }] }) });
     console.log(answer.status, await answer.text());
   }`,
];

/** A client that asks once and prints by which words it and fcc were started. */
const tellsCommandLines = `#!${process.execPath}
const own = process.argv.slice(2);
const parent = require("node:fs").readFileSync("/proc/" + process.ppid + "/cmdline", "utf8").split("\\0").slice(0, -1);
const token = process.env.FCC_TOKEN ?? process.env.ANTHROPIC_AUTH_TOKEN;
const url = process.env.FCC_URL ?? process.env.ANTHROPIC_BASE_URL ?? /base_url="([^"]+)\\/v1"/.exec(own.join(" "))[1];
fetch(url + "/v1/messages", { method: "POST", headers: { authorization: "Bearer " + token, "content-type": "application/json" },
  body: JSON.stringify({ model: "x", max_tokens: 5, messages: [{ role: "user", content: "hi" }] }) })
  .then((answer) => answer.text())
  .then(() => console.log(JSON.stringify({ own, parent, token })));
`;

describe("a key", () => {
  it.each<readonly [readonly string[]]>([
    [["config", "show"]],
    [["config", "explain"]],
    [["config", "explain", "providers.lab.key"]],
    [["config", "path"]],
    [["models"]],
    [["providers"]],
    [["keys", "list"]],
    [["claude", "--dry-run"]],
    [["claude", "--dry-run", "--settings", `{"env":{"MY_API_KEY":"${secret}"}}`, "-p", `use sk-variable-${secret}`]],
    [["codex", "--dry-run"]],
    [["run", "--dry-run", "--", "true"]],
    [["claude", "-p", "x"]],
    [["run", "--trace", "trace.jsonl", "--trace-bodies", ...asking]],
    [["claude", "--profile", "nope"]],
  ])("is in nothing that is printed or written: %j", async (args) => {
    const ended = await machine.fcc(args, env);
    // The one who printed the command's own words is the configuration, which has them in the clear.
    const shown = (ended.stdout + ended.stderr).replaceAll(`printf, sk-command-${secret}`, "").replaceAll(`"sk-command-${secret}"`, "");
    if (args[0] !== "config") expect(shown).not.toContain(secret);
    for (const kind of ["variable", "file", "header"]) expect(shown).not.toContain(`sk-${kind}-${secret}`);
    for (const [path, text] of Object.entries(machine.files())) {
      if (path.endsWith("config.yaml") || path.endsWith(".secrets/lab")) continue;
      expect(text, path).not.toContain(secret);
    }
  });

  it("is used, one after the other, and refused in words that name where the first came from", async () => {
    const { stdout } = await machine.fcc(["run", "--quiet", ...asking], env);
    expect(server.requests.map(({ headers }) => headers["authorization"]).filter((value) => value?.includes("sk-"))).toEqual(
      expect.arrayContaining([`Bearer sk-variable-${secret}`, `Bearer sk-file-${secret}`, `Bearer sk-command-${secret}`]),
    );
    expect(stdout).toContain("LAB_KEY");
  });

  it("is not in the client's environment, unless that is asked for", async () => {
    const without = await machine.fcc(["claude"], env);
    expect(without.stdout).not.toMatch(/^LAB_/m);
    const file = machine.files()["home/.config/fcc/config.yaml"] ?? "";
    machine.write("home/.config/fcc/config.yaml", `${file}clients: { claude: { keepKeys: true } }\n`);
    expect((await machine.fcc(["claude"], env)).stdout).toMatch(/^LAB_KEY=sk-variable/m);
  });

  it.skipIf(process.platform !== "linux").each<readonly string[]>([
    ["claude", "-p", "x"],
    ["codex", "exec", "x"],
    ["run", "--", "agent", "x"],
  ])("is in no command line, neither the client's nor fcc's, nor is the launch's token: %s", async (...args) => {
    for (const name of ["claude", "codex", "agent"]) machine.write(`bin/${name}`, tellsCommandLines, 0o755);
    const { stdout } = await machine.fcc(args, env);
    const told = JSON.parse(stdout) as { readonly own: readonly string[]; readonly parent: readonly string[]; readonly token: string };
    expect(told.own).toContain("x");
    expect(told.parent).toEqual([process.execPath, machine.program, ...args]);
    expect(told.token).toMatch(/^\S{32,}$/);
    // Every key was fetched by then, that of the command too, and used.
    expect(server.requests.map(({ headers }) => headers["authorization"])).toContain(`Bearer sk-command-${secret}`);
    for (const word of [...told.own, ...told.parent]) {
      expect(word).not.toContain(secret);
      expect(word).not.toContain(told.token);
    }
  });
});

describe("terminal escapes", () => {
  const clean = ({ stdout, stderr }: Ended) =>
    expect(JSON.stringify(stdout + stderr)).not.toMatch(/\\u001b|\\u009b|\\u0007|[\u0080-\u009f]/);

  it("of a server are taken out of what is printed", async () => {
    const models = await machine.fcc(["models"], env);
    expect(models.stdout).toContain("plain");
    clean(models);
  });

  it("of a file are taken out", async () => {
    machine.write("project/odd.yaml", 'profile: "a\\e[31mb"\n"pro\\e[2Jfile": x\n');
    const ended = await machine.fcc(["run", "--config", "odd.yaml", "--", "true"]);
    expect(ended.code).toBe(2);
    clean(ended);
    machine.write(
      "project/odd.yaml",
      'profile: a\nprofiles: { a: "ollama/x\\e[2Jy" }\nclients: { run: { env: { A: "\\e]52;c;x\\a" } } }\n',
    );
    const rehearsed = await machine.fcc(["run", "--config", "odd.yaml", "--dry-run", "--", "true"]);
    expect(rehearsed.stdout).toContain("-> ollama/xy");
    clean(rehearsed);
  });

  it("of an argument are taken out", async () => {
    clean(await machine.fcc(["\u001b[31mcluade"]));
    clean(await machine.fcc(["claude", "--profile", "\u001b[31mx"]));
    clean(await machine.fcc(["claude", "--model", "\u001b[31mx/y"]));
    clean(await machine.fcc(["run", "--profile", "demo", "--", "\u001b[31mx"]));
  });

  it("there are none of fcc's own where nobody looks at a terminal", async () => {
    clean(await machine.fcc(["--help"]));
    clean(await machine.fcc(["run", "--profile", "demo", "--", "true"], { FORCE_COLOR: "" }));
  });
});

it("a launch leaves nothing behind but what is remembered of windows", async () => {
  const before = Object.keys(machine.files());
  await machine.fcc(["claude", "-p", "x"], env);
  await machine.fcc(["run", "--", "true"], env);
  const left = Object.keys(machine.files()).filter((path) => !before.includes(path));
  expect(left.filter((path) => !path.startsWith("home/.cache/fcc/"))).toEqual([]);
});

it.each(["claude", "codex"])("the agents' own folders stay as they were, while %s runs and after it", async (client) => {
  const own: Readonly<Record<string, string>> = {
    "home/.claude.json": '{ "numStartups": 3 }\n',
    "home/.claude/settings.json": '{ "model": "opus", "env": { "KEPT": "yes" } }\n',
    "home/.codex/auth.json": '{ "OPENAI_API_KEY": null }\n',
    "home/.codex/config.toml": 'model = "gpt-5"\n# mine\n',
  };
  for (const [path, text] of Object.entries(own)) machine.write(path, text, 0o600);
  machine.write(
    `bin/${client}`,
    '#!/bin/sh\ncd "$HOME" && for f in $(find .claude* .codex* -type f | sort); do echo "home/$f"; cat "$f"; done\n',
    0o755,
  );
  const { code, stdout } = await machine.fcc([client, "x"], env);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: Object.entries(own)
      .map(([path, text]) => `${path}\n${text}`)
      .join(""),
  });
  expect(Object.fromEntries(Object.entries(machine.files()).filter(([path]) => /^home\/\.(?:claude|codex)/.test(path)))).toEqual(own);
});
