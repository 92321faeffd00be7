import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasTmux, openTerminal, type Terminal } from "../agents/terminal.ts";
import { modelServer } from "../support/model-server.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();

const models = ["qwen3-coder:30b", "llama3.2:3b"];
/** An Ollama with two models, both loaded. */
const ollama = (): Promise<Upstream> => {
  const chat = modelServer({ models });
  const list = models.map((name, index) => ({ name, model: name, size: 20_000_000_000 / (1 + 9 * index) }));
  const answers: Readonly<Record<string, unknown>> = {
    "/api/version": { version: "0.17.4" },
    "/api/tags": { models: list },
    "/api/ps": { models: models.map((name) => ({ name, model: name, context_length: 65_536 })) },
    "/api/show": { capabilities: ["completion", "tools"], model_info: { "general.architecture": "q", "q.context_length": 262_144 } },
    "/api/generate": { done: true },
    "/api/create": { status: "success" },
    "/api/delete": {},
  };
  return startUpstream((request, response, incoming) => {
    const answer = answers[request.path];
    return answer === undefined ? chat(request, response, incoming) : answerJson(answer)(request, response, incoming);
  });
};

/** A server of this machine's own at a usual port would be on the screens too. */
const answers = (port: number) =>
  new Promise<boolean>((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => done(true)).on("error", () => done(false));
    socket.on("connect", () => socket.destroy());
  });
const alone = !(await Promise.all([11434, 1234, 8080, 8000, 30000].map(answers))).includes(true);

/** What differs from one run to the next. */
const steady = (text: string, port: number) =>
  text
    .replaceAll(`127.0.0.1:${port}`, "127.0.0.1:11434")
    .replaceAll(machine.base, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/\d+(?:\.\d+)? (?:s|ms)\b/g, "0.1 s")
    .replace(/read \(\d+,\d+ tokens\)/g, "read (17,248 tokens)")
    .replace(/, then \d+ tokens a second/g, "")
    .replace(/Node \d+\.\d+\.\d+/g, "Node 20.20.2")
    .replace(/^ready> ?/gm, "$ ")
    .replace(/^\$ clear\n/gm, "")
    .trim();

async function terminalWithFcc(variables: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  machine.write("bin/fcc", `#!/bin/sh\nexec "${process.execPath}" "${machine.program}" "$@"\n`, 0o755);
  const [home, project] = [join(machine.base, "home"), join(machine.base, "project")];
  const PATH = `${join(machine.base, "bin")}:/usr/bin:/bin`;
  const env = { HOME: home, PATH, TERM: "xterm-256color", LANG: "C.UTF-8", NO_COLOR: "1", ...variables };
  const terminal = openTerminal({ home, project, env });
  await terminal.see(/^ready>\s*$/m);
  return terminal;
}

describe.skipIf(!hasTmux || !alone)("the first run, from an empty home with a server running", () => {
  it("takes four answers, and looks as examples/first-run.md shows it", async () => {
    const server = await ollama();
    onTestFinished(() => server.close());
    const { port, url } = server;
    machine.write("bin/claude", '#!/bin/sh\n[ "$1" = --version ] && echo "2.1.332 (Claude Code)"\n', 0o755);
    const terminal = await terminalWithFcc({ OLLAMA_HOST: url });

    const init = await screenOf(terminal, "fcc init", async () => {
      await terminal.see(/Which models\?[\s\S]*Enter: confirm/);
      terminal.press("Enter");
      await terminal.see(/Which model\?[\s\S]*Enter: confirm/);
      terminal.press("Enter");
      await terminal.see(/small tasks[\s\S]*Enter: confirm/);
      terminal.press("Down", "Enter");
      await terminal.see(/Where is it written\?[\s\S]*Enter: confirm/);
      terminal.press("Enter");
    });
    expect(init).toContain("Written. Start it:  fcc claude");
    const listed = await screenOf(terminal, "fcc models");
    const doctor = await screenOf(terminal, "fcc doctor --no-agent");
    expect(doctor).toContain("A launch works here.");
    const explained = await screenOf(terminal, "fcc config explain");
    const wrong = await screenOf(terminal, "fcc claude --profile olama");
    const text = [
      "# The first run",
      "",
      "An empty home, and an Ollama with two models. These screens were taken by `test/program/first-run.test.ts`, which fails when they are",
      "no longer what fcc shows; `npx vitest run test/program/first-run.test.ts -u` takes them anew. Times, figures of tokens, the server's",
      "port and Node's version differ from one run to the next, and are made even here.",
      ...[
        ["Four answers: the server, the model, the small model, the file.", init],
        ["What can be used now, and who says so.", listed],
        ["Whether a launch will work; without `--no-agent` the real agent is driven once too.", doctor],
        ["What counts, and where it stands.", explained],
        ["A slip.", wrong],
      ].flatMap(([title, screen]) => ["", title ?? "", "", "```", steady(screen ?? "", port), "```"]),
      "",
    ].join("\n");
    await expect(text).toMatchFileSnapshot("../../examples/first-run.md");
  }, 120_000);
});

/** To the long list of providers, where no server answers. */
async function askForProvider(terminal: Terminal): Promise<void> {
  terminal.type("fcc init");
  terminal.press("Enter");
  await terminal.see(/Which models\?[\s\S]*Enter: confirm/);
  terminal.press("Enter");
  await terminal.see(/Which provider\?[\s\S]*Type: to search/);
}

describe.skipIf(!hasTmux || !alone)("a wizard that is left", () => {
  it("while a model is tried ends with its exit code, and has written nothing", async () => {
    // Its sign and its dots make more of this line than the terminal has columns.
    const name = `qwen3:${"8".repeat(66)}b`;
    const list = answerJson({ models: [{ name, model: name }] });
    const server = await startUpstream((request, response, incoming) => {
      if (request.path === "/api/tags") list(request, response, incoming);
    });
    onTestFinished(() => server.close());
    const terminal = await terminalWithFcc({ OLLAMA_HOST: server.url });
    terminal.type("fcc init; echo code=$?");
    terminal.press("Enter");
    await terminal.see(/Which models\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/Trying ollama\/qwen3:8.*\.\.\.$/m);
    expect(terminal.everything().match(/Trying/g)).toHaveLength(1);
    terminal.press("C-c");
    await terminal.see(/^code=1$/m);
    expect(existsSync(join(machine.base, "home/.config/fcc"))).toBe(false);
  }, 60_000);

  it("keeps no key of a provider that did not answer", async () => {
    // Nothing leaves this machine.
    const terminal = await terminalWithFcc({ HTTPS_PROXY: "http://127.0.0.1:9" });
    await askForProvider(terminal);
    terminal.type("groq");
    await terminal.see(/1 match/);
    terminal.press("Enter");
    await terminal.see(/The key for Groq/);
    terminal.type("gsk-typed");
    terminal.press("Enter");
    await terminal.see(/The model's name/);
    terminal.type("some-model");
    terminal.press("Enter");
    await terminal.see(/Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/Write it all the same\?/);
    terminal.press("C-c");
    await terminal.see(/Nothing was written\.[\s\S]*^ready>\s*$/m);
    expect((await machine.fcc(["keys", "list"])).stdout).not.toContain("groq");
  }, 60_000);
});

describe.skipIf(!hasTmux || !alone)("a wizard in which somebody goes back", () => {
  it("from a provider that has an address for each customer, and none here, which says what to set", async () => {
    const terminal = await terminalWithFcc();
    await askForProvider(terminal);
    terminal.type("azure-openai");
    await terminal.see(/1 match/);
    terminal.press("Enter");
    await terminal.see(/set AZURE_OPENAI_BASE_URL[\s\S]*Which models\?[\s\S]*Enter: confirm/);
    terminal.press("C-c");
    await terminal.see(/Nothing was written\.[\s\S]*^ready>\s*$/m);
  }, 60_000);

  it("from such a provider whose key is there, to the first question", async () => {
    const terminal = await terminalWithFcc({ AZURE_OPENAI_API_KEY: "unused" });
    terminal.type("fcc init");
    terminal.press("Enter");
    await terminal.see(/● Azure OpenAI[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/set AZURE_OPENAI_BASE_URL[\s\S]*Which models\?[\s\S]*● Azure OpenAI[\s\S]*Enter: confirm/);
    terminal.press("Escape");
    await terminal.see(/Nothing was written\.[\s\S]*^ready>\s*$/m);
  }, 60_000);

  const listed = ["big", "bigger", "small"];

  /** To the question for the model, on a server that has some and takes only those that it lists. */
  async function askForModel(): Promise<Terminal> {
    const chat = modelServer({ models: listed });
    const unknown = answerJson({ error: { message: "The model `typed` does not exist." } }, 400);
    const server = await startUpstream((request, response, incoming) =>
      (request.text.includes('"typed"') ? unknown : chat)(request, response, incoming),
    );
    onTestFinished(() => server.close());
    machine.write("home/.config/fcc/config.yaml", `providers: { vllm: { baseUrl: "${server.url}" } }\n`);
    const terminal = await terminalWithFcc();
    terminal.type("fcc init; echo code=$?");
    terminal.press("Enter");
    await terminal.see(/Which models\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/Which model\?[\s\S]*Enter: confirm/);
    return terminal;
  }

  it("starts each question at the answer that it had, and asks on from another one", async () => {
    const terminal = await askForModel();
    terminal.press("Down", "Enter");
    await terminal.see(/haiku tier[\s\S]*● the same[\s\S]*Enter: confirm/);
    terminal.type("small");
    await terminal.see(/● small/);
    terminal.press("Enter");
    await terminal.see(/◆ +Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Escape");
    await terminal.see(/◆ +Which model for small tasks[\s\S]*● small[\s\S]*Enter: confirm/);
    terminal.press("Escape");
    await terminal.see(/◆ +Which model\?[\s\S]*● bigger[\s\S]*Enter: confirm/);
    terminal.press("Up", "Enter");
    await terminal.see(/◆ +Which model for small tasks[\s\S]*○ the same[\s\S]*○ bigger[\s\S]*● small/);
    terminal.press("Enter");
    await terminal.see(/◆ +Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/^code=0$/m);
    const { stdout } = await machine.fcc(["run", "--dry-run", "--", "true"]);
    expect(stdout).toMatch(/main +\S+ -> vllm\/big .*haiku +\S+ -> vllm\/small /s);
  }, 60_000);

  it("takes a name that is not in the list, and one of the list after that did not work", async () => {
    const terminal = await askForModel();
    terminal.type("typed");
    await terminal.see(/● typed \(not in the list\)/);
    terminal.press("Enter");
    await terminal.see(/haiku tier[\s\S]*● the same \(typed\)/);
    terminal.press("Enter");
    await terminal.see(/◆ +Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/Write it all the same\?/);
    for (const then of [/◆ +Where is it/, /◆ +Which model for small tasks/, /◆ +Which model\?[\s\S]*Search: typed/]) {
      terminal.press("Escape");
      await terminal.see(then);
    }
    terminal.press("C-u");
    terminal.type("ger");
    await terminal.see(/● bigger/);
    terminal.press("Enter");
    await terminal.see(/◆ +Which model for small tasks[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/◆ +Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/^code=0$/m);
    expect((await machine.fcc(["run", "--", "true"])).stderr).toContain("run on vllm/bigger");
  }, 60_000);

  it("offers no model of the server that it has left for another address", async () => {
    const one = await startUpstream(modelServer({ models: listed, owner: "vllm" }));
    const other = await startUpstream(modelServer({ models: ["p", "q"], owner: "vllm" }));
    onTestFinished(async () => void (await Promise.all([one.close(), other.close()])));
    const terminal = await terminalWithFcc();
    terminal.type(`fcc init --base-url ${one.url}`);
    terminal.press("Enter");
    await terminal.see(/● A server at another address/);
    terminal.press("Enter");
    await terminal.see(/◆ +Its address\s+│ +http/);
    terminal.press("Enter");
    await terminal.see(/◆ +Which model\?[\s\S]*● big[\s\S]*Enter: confirm/);
    terminal.press("Down", "Enter");
    await terminal.see(/◆ +Which model for small tasks[\s\S]*Enter: confirm/);
    terminal.press("Escape");
    await terminal.see(/◆ +Which model\?[\s\S]*● bigger[\s\S]*Enter: confirm/);
    terminal.press("Escape");
    await terminal.see(/◆ +Its address/);
    terminal.press("C-u");
    terminal.type(other.url);
    terminal.press("Enter");
    await terminal.see(/◆ +Which model\?\s+│\s+│ +Search: filter[\s\S]*● p[\s\S]*○ q[\s\S]*Enter: confirm/);
    terminal.press("C-c");
    await terminal.see(/Nothing was written/);
  }, 60_000);

  it("is left at the first question, and has written nothing", async () => {
    const terminal = await askForModel();
    terminal.press("Escape");
    await terminal.see(/◆ +Which models\?[\s\S]*Enter: confirm/);
    terminal.press("Escape");
    await terminal.see(/Nothing was written\.[\s\S]*^code=1$/m);
  }, 60_000);
});

describe.skipIf(!hasTmux)("a wizard that is told something by options", () => {
  it("asks nothing where they name the model", async () => {
    const server = await startUpstream(modelServer({ models: ["big", "small"] }));
    onTestFinished(() => server.close());
    const terminal = await terminalWithFcc();
    terminal.type(`fcc init --base-url ${server.url} --model small; echo code=$?`);
    terminal.press("Enter");
    expect(await terminal.see(/^code=0$/m)).toMatch(/written to \S+config\.yaml; start it: fcc claude/);
    expect((await machine.fcc(["run", "--", "true"])).stderr).toMatch(/run on \S+\/small /);
  }, 60_000);

  it("calls the server at an address as they do", async () => {
    const server = await startUpstream(modelServer({ models: ["big"] }));
    onTestFinished(() => server.close());
    const terminal = await terminalWithFcc();
    terminal.type(`fcc init --provider lab --base-url ${server.url} --scope user; echo code=$?`);
    terminal.press("Enter");
    await terminal.see(/● A server at another address/);
    terminal.press("Enter");
    await terminal.see(/◆ +Its address\s+│ +http/);
    terminal.press("Enter");
    await terminal.see(/^code=0$/m);
    expect((await machine.fcc(["run", "--", "true"])).stderr).toContain("run on lab/big");
  }, 60_000);

  it.each([
    ["--provider groq", /● Another provider/, /Which provider\?\s+│\s+│ +Search:.*\s+│.*\s+[\s\S]*● Groq/],
    ["--base-url http://127.0.0.1:9", /● A server at another address/, /Its address\s+│ +http:\/\/127\.0\.0\.1:9/],
    ["--provider sglang", /● A server at another address/, /◆ +Its address/],
  ])(
    "starts its questions at %s",
    async (options, source, answer) => {
      const terminal = await terminalWithFcc({ HTTPS_PROXY: "http://127.0.0.1:9" });
      terminal.type(`fcc init ${options}; echo code=$?`);
      terminal.press("Enter");
      await terminal.see(source);
      terminal.press("Enter");
      await terminal.see(answer);
      terminal.press("C-c");
      await terminal.see(/^code=1$/m);
    },
    60_000,
  );
});

describe.skipIf(!hasTmux)("a question of a command", () => {
  it("takes a key without showing it", async () => {
    const terminal = await terminalWithFcc();
    terminal.type("fcc keys set groq; echo code=$?");
    terminal.press("Enter");
    await terminal.see(/The key for groq/);
    terminal.type("gsk-typed");
    terminal.press("Enter");
    expect(await terminal.see(/^code=0$/m)).not.toContain("gsk-typed");
    expect((await machine.fcc(["keys", "list"])).stdout).toContain("groq");
  }, 60_000);

  it("comes before a client is installed, which a no leaves out", async () => {
    const terminal = await terminalWithFcc();
    terminal.type("fcc claude --profile demo; echo code=$?");
    terminal.press("Enter");
    await terminal.see(/Claude Code is not installed\. Install @anthropic-ai\/claude-code/);
    terminal.type("n");
    expect(await terminal.see(/^code=127$/m)).toContain("or install it yourself");
  }, 60_000);
});

describe.skipIf(!hasTmux || !alone)("a provider that a file has at another address", () => {
  const chooseTogether = async (url: string, variables = {}, key = "") => {
    machine.write("home/.config/fcc/config.yaml", `providers: { together: { baseUrl: "${url}"${key} } }\n`);
    const terminal = await terminalWithFcc({ HTTPS_PROXY: "http://127.0.0.1:9", ...variables });
    await askForProvider(terminal);
    terminal.type("together");
    await terminal.see(/1 match/);
    terminal.press("Enter");
    return terminal;
  };

  it("is asked there with the key that is typed, which is sent nowhere else", async () => {
    const server = await startUpstream(modelServer({ key: "sk-gateway-1", models: ["big"] }));
    onTestFinished(() => server.close());
    const terminal = await chooseTogether(server.url);
    await terminal.see(/The key for Together/);
    terminal.type("sk-mistyped");
    terminal.press("Enter");
    await terminal.see(/Together AI refuses this key: Incorrect API key provided\s+│\s+The same key[\s\S]*◆ +The key for Together/);
    terminal.type("sk-gatewäy");
    terminal.press("Enter");
    await terminal.see(/characters that no key has/);
    terminal.press("BSpace", "BSpace");
    terminal.type("ay-1");
    terminal.press("Enter");
    await terminal.see(/The model is big[\s\S]*Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/Written\. Start it/);
    expect((await machine.fcc(["keys", "list"])).stdout).toContain(`together  ${server.url}`);
  }, 60_000);

  it("says whose key it refuses, where a variable has one", async () => {
    const server = await startUpstream(modelServer({ key: "sk-gateway-1", models: ["big"] }));
    onTestFinished(() => server.close());
    const terminal = await chooseTogether(server.url, { TEAM_KEY: "sk-expired-1" }, ", key: { env: TEAM_KEY }");
    await terminal.see(/Together AI refuses the key of TEAM_KEY: Incorrect API key provided[\s\S]*◆ +The model's name/);
    terminal.press("C-c");
    await terminal.see(/Nothing was written/);
  }, 60_000);

  it("is not left for a key that its list of models refuses, where that is given again", async () => {
    const refusal = answerJson({ error: { message: "Missing scopes: model.read" } }, 401);
    const chat = modelServer({ models: ["big"] });
    const server = await startUpstream((request, response, incoming) =>
      (request.path.endsWith("/models") ? refusal : chat)(request, response, incoming),
    );
    onTestFinished(() => server.close());
    const terminal = await chooseTogether(server.url);
    for (const then of [/refuses this key: Missing scopes[\s\S]*◆ +The key for Together/, /◆ +The model's name/]) {
      await terminal.see(/◆ +The key for Together/);
      terminal.type("sk-narrow-1");
      terminal.press("Enter");
      await terminal.see(then);
    }
    terminal.type("big");
    terminal.press("Enter");
    await terminal.see(/Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/Written\. Start it/);
  }, 60_000);
});

/** Types a key where one is asked for, and sees what comes of it. */
async function giveKey(terminal: Terminal, key: string, then: RegExp): Promise<void> {
  await terminal.see(/◆ +The key for http:/);
  terminal.type(key);
  terminal.press("Enter");
  await terminal.see(then);
}

describe.skipIf(!hasTmux || !alone)("a server at another address", () => {
  it("that wants a key is asked with one after another, never shown, until it takes one, which is kept", async () => {
    const server = await startUpstream(modelServer({ key: "sk-right-1", models: ["big"] }));
    onTestFinished(() => server.close());
    const terminal = await terminalWithFcc();
    terminal.type("fcc init");
    terminal.press("Enter");
    await terminal.see(/Which models\?[\s\S]*Enter: confirm/);
    terminal.press("Down", "Enter");
    await terminal.see(/◆ +Its address/);
    terminal.type(`127.0.0.1:${server.port}`);
    terminal.press("Enter");
    for (const [key, then] of [
      ["sk-wrong", /refuses this key[\s\S]*◆ +The key for http:/],
      ["sk-right-1", /Where is it written\?[\s\S]*Enter: confirm/],
    ] as const) {
      await giveKey(terminal, key, then);
    }
    terminal.press("Escape");
    await terminal.see(/◆ +The key for http:[^◆]*Enter: the same again/);
    terminal.press("Enter");
    await terminal.see(/◆ +Where is it written\?[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    await terminal.see(/Written\. Start it/);
    expect((await machine.fcc(["keys", "list"])).stdout).toContain(server.url);
  }, 60_000);
});

describe.skipIf(!hasTmux || !alone)("a server that is found and was started with a key", () => {
  it("is asked with one, which is kept", async () => {
    const server = await startUpstream(modelServer({ key: "sk-right-1", models: ["big"] }));
    onTestFinished(() => server.close());
    const terminal = await terminalWithFcc();
    machine.write("home/.config/fcc/config.yaml", `providers: { vllm: { baseUrl: "${server.url}" } }\n`);
    terminal.type("fcc init");
    terminal.press("Enter");
    await terminal.see(/vLLM at \S+ \(wants a key\)[\s\S]*Enter: confirm/);
    terminal.press("Enter");
    for (const [key, then] of [
      ["sk-wrong", /refuses this key[\s\S]*◆ +The key for http:/],
      ["sk-right-1", /The model is big[\s\S]*Where is it written\?[\s\S]*Enter: confirm/],
    ] as const) {
      await giveKey(terminal, key, then);
    }
    terminal.press("Enter");
    await terminal.see(/Written\. Start it/);
    expect((await machine.fcc(["keys", "list"])).stdout).toContain(`vllm  ${server.url}`);
  }, 60_000);
});

describe.skipIf(!hasTmux)("a client that is missing, under a boundary", () => {
  it("is offered with where it would come from, and Enter is no", async () => {
    machine.write("home/.config/fcc/config.yaml", "boundary: local\n");
    const terminal = await terminalWithFcc();
    terminal.type("fcc qwen --profile demo; echo code=$?");
    terminal.press("Enter");
    await terminal.see(/with npm, from outside the boundary,[\s\S]*Yes . ● No/);
    terminal.press("Enter");
    await terminal.see(/^code=127$/m);
  }, 60_000);
});

describe.skipIf(!hasTmux || !alone)("a question with a long list", () => {
  it("stays where nothing of it is found", async () => {
    const terminal = await terminalWithFcc();
    await askForProvider(terminal);
    terminal.type("no such");
    await terminal.see(/No matches found/);
    terminal.press("Enter");
    await terminal.see(/one of the list, please/);
    terminal.press("C-u");
    terminal.press("C-c");
    await terminal.see(/Nothing was written\.[\s\S]*^ready>\s*$/m);
  }, 60_000);
});

async function screenOf(terminal: Terminal, command: string, answer?: () => Promise<void>): Promise<string> {
  terminal.type("clear");
  terminal.press("Enter");
  await terminal.see(/^ready>\s*$/m);
  terminal.clear();
  terminal.type(command);
  terminal.press("Enter");
  await answer?.();
  // The prompt is there again below all that the command wrote, part of which may have scrolled away.
  await terminal.see(/^ready>\s*$/m, 60);
  for (;;) {
    const all = terminal.everything();
    if (new RegExp(`ready> ${command}\\n[\\s\\S]*^ready>\\s*$`, "m").test(all)) return all.replace(/\n*^ready>\s*$/m, "\n");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
