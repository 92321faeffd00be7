import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { split } from "../../../src/cli/split.ts";
import { readLayer } from "../../../src/config/files/layer.ts";
import { mergeLayers } from "../../../src/config/files/layers.ts";
import { loadConfiguration } from "../../../src/config/load.ts";
import { rows } from "../../../src/providers/index.ts";
import { mutateJson, mutateText } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";

const good = {
  profile: "local",
  providers: {
    ollama: { baseUrl: "http://gpu-box.lan:11434" },
    cluster: { extends: "vllm", baseUrl: "https://vllm.team.example:8000", key: { env: "VLLM_KEY" }, tls: { ca: "~/team.pem" } },
    oddball: {
      speaks: { chat: { baseUrl: "http://10.0.0.7:9000/v1" } },
      timeout: { connect: "10s" },
      headers: { "x-tenant": { env: "TEAM" } },
    },
  },
  profiles: {
    local: { model: "ollama/qwen3:8b", haiku: "ollama/llama3.2:3b", opus: ["cluster/qwen3-coder", "ollama/qwen3:8b"] },
    night: {
      extends: "local",
      model: { target: "cluster/glm", context: 131_072, maxOutput: 16_384, reasoning: "high" },
      boundary: "private",
    },
  },
  clients: { claude: { args: ["--permission-mode", "plan"], env: { A: "3" } } },
};
const yaml = `profile: local # here
providers:
  ollama: { baseUrl: http://gpu-box.lan:11434 }
  cluster: &c
    extends: vllm
    key: [{ env: A }, { file: ~/b }]
  other: *c
profiles:
  local:
    model: ollama/qwen3:8b
    opus: [cluster/a, "ollama/b"]
    boundary:
      - 10.0.0.0/8
      - "*.team.example"
`;
const yamlWords = [
  "&a ",
  "*a",
  "!!js/function ",
  "!!binary ",
  "<<: ",
  "- ",
  "? ",
  ": ",
  "|\n",
  ">\n",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "\t",
  "#",
  "@",
  "`",
  "~",
  "{",
  "}",
  "[",
  "]",
  "$import: x\n",
  "__proto__: x\n",
  "'",
  '"',
  "0x1f",
  "1_000",
  "2001-01-01",
  ".inf",
];

interface Written {
  readonly format: "json" | "yaml";
  readonly text: string;
}

function fileOf(random: Random): Written {
  if (random.chance(2)) {
    let value: unknown = good;
    for (let changes = random.below(5); changes > 0; changes -= 1) value = mutateJson(value, random);
    const text = JSON.stringify(value, null, random.pick([0, 2])) ?? "";
    return { format: random.pick(["json", "yaml"]), text: random.chance(3) ? mutateText(text, random) : text };
  }
  let text = yaml;
  for (let changes = 1 + random.below(5); changes > 0; changes -= 1) {
    const at = random.below(text.length);
    text = random.chance(2) ? text.slice(0, at) + random.pick(yamlWords) + text.slice(at) : mutateText(text, random);
  }
  return { format: random.chance(10) ? "json" : "yaml", text };
}

/** A file of settings, whatever is in it: problems with lines, or a layer that merges. */
export const settings: Target<Written> = {
  name: "settings",
  share: 20,
  make: fileOf,
  check({ format, text }) {
    const read = readLayer(
      { path: "/home/u/p/.fccrc", label: ".fccrc", text, format },
      { name: "project", home: "/home/u", trusted: true },
    );
    if (read.problems !== undefined)
      return read.problems.length > 0 && read.problems.every(({ line }) => line >= 1) ? undefined : "a refusal without a line";
    mergeLayers([read.layer]);
    read.layer.where(["profiles", "local", "model"]);
    return Object.hasOwn(Object.prototype, "polluted") ? "the prototype of everything changed" : undefined;
  },
  show: ({ format, text }) => `${format} ${JSON.stringify(text)}`.slice(0, 3000),
};

/** The same through the files themselves: what is in them, and what they are. No key is fetched, since that may start a program. */
export function files(): Target<Written & { readonly name: string }> {
  let folder: string;
  let count = 0;
  return {
    name: "settings files",
    share: 2,
    async open() {
      folder = mkdtempSync(join(tmpdir(), "fcc-fuzz-"));
    },
    make: (random) => ({ ...fileOf(random), name: random.pick([".fccrc", ".fccrc.json", ".fccrc.yaml", ".config/fccrc", "package.json"]) }),
    async check({ name, text }) {
      const project = join(folder, String(++count));
      mkdirSync(join(project, ".config"), { recursive: true });
      writeFileSync(join(project, name), text);
      const loaded = await loadConfiguration({
        cwd: project,
        home: folder,
        env: {},
        rows,
        systemFolder: join(folder, "etc"),
        decide: async () => true,
      });
      rmSync(project, { recursive: true });
      if (loaded.error === undefined) return undefined;
      return loaded.error.exitCode === 2 && loaded.error.lines.length > 0 ? undefined : "an error without a line";
    },
    show: ({ name, text }) => `${name} ${JSON.stringify(text)}`.slice(0, 3000),
    async close() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const argument = [
  "claude",
  "codex",
  "run",
  "init",
  "doctor",
  "--",
  "--profile",
  "--profile=x",
  "--model",
  "--model=a/b",
  "--model=sonnet",
  "--yes",
  "--yes=1",
  "--quiet",
  "--trace",
  "--",
  "-p",
  "hello",
  "",
  "-",
  "---",
  "--help",
  "--version",
  "-h",
  "--model=",
  "=",
  "__proto__",
  "--__proto__",
  "--constructor=x",
  "toString",
  "é",
  "\u0000",
  "--config",
  "--dry-run",
  "keys",
  "config",
];

/** The words of a command line. */
export const commandLines: Target<readonly string[]> = {
  name: "command lines",
  share: 8,
  make: (random) =>
    Array.from({ length: random.below(9) }, () => (random.chance(8) ? mutateText(random.pick(argument), random) : random.pick(argument))),
  check(words) {
    const parts = split(words);
    return ["version", "help", "wrong", "launch", "command"].includes(parts.kind) ? undefined : `kind ${parts.kind}`;
  },
  show: (words) => JSON.stringify(words),
};
