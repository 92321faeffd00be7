import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Quirks } from "../../src/model/quirks.ts";
import { aliases, rows } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";

const folder = resolve(import.meta.dirname, "../../src/providers");
const machinery = ["index.ts", "row.ts", "quirks-of.ts", "families.ts"];
const all = Object.values(rows);
const variable = /^[A-Z][A-Z0-9_]*$/;

/** The rows that do not keep a law, by name. */
const breakers = (keeps: (row: Row) => boolean, of: readonly Row[] = all) => of.filter((row) => !keeps(row)).map(({ id }) => id);
const quirksIn = ({ quirks, modelQuirks = {} }: Row): readonly Quirks[] => [quirks, ...Object.values(modelQuirks)];

describe("the provider rows", () => {
  it("are one for each file, by the file's name, and each file is in the list", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !machinery.includes(name));
    expect(files.map((name) => name.replace(/\.ts$/, "").replace(/^compatible$/, "openai-compatible")).sort()).toEqual(
      Object.keys(rows).sort(),
    );
  });

  it.each(all)("are well formed: $id", (row) => {
    expect(rows[row.id]).toBe(row);
    expect(row.id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    for (const [wire, { baseUrl }] of Object.entries(row.speaks)) {
      const url = new URL(baseUrl);
      expect(["http:", "https:"]).toContain(url.protocol);
      if (row.kind === "cloud") expect(url.protocol).toBe("https:");
      else expect(url.hostname).toBe("127.0.0.1");
      expect(url.search + url.hash + url.username).toBe("");
      expect(baseUrl.endsWith("/")).toBe(false);
      // What goes before /v1/messages.
      if (wire === "messages") expect(baseUrl).not.toMatch(/\/v1$/);
    }
    const parts = Object.entries(row.parts ?? {});
    const variables = [...(row.key?.env ?? []), ...(row.baseUrlEnv ? [row.baseUrlEnv] : []), ...parts.flatMap(([, { env }]) => env)];
    for (const name of variables) expect(name).toMatch(variable);
    for (const [word] of parts) for (const { baseUrl } of Object.values(row.speaks)) expect(baseUrl).toContain(word);
    if (parts.length > 0) expect(row.ownAddress).toBeDefined();
    for (const [name, value] of Object.entries(row.headers ?? {})) {
      expect(name).toBe(name.toLowerCase());
      expect(value).not.toMatch(/[\r\n]/);
    }
    if (row.kind !== "demo") expect(new URL(row.docs ?? "").protocol).toBe("https:");
  });

  it("name only wires that they speak, and prefer another to the client's own", () => {
    const breaking = breakers(({ speaks, better = {}, modelWires = {} }) => {
      const named = [...Object.values(better).map(({ wire }) => wire), ...Object.values(modelWires).flat()];
      return named.every((wire) => wire in speaks) && Object.entries(better).every(([own, { wire }]) => wire !== own);
    });
    expect(breaking).toEqual([]);
  });

  it("ask for a key wherever they are in a cloud", () => {
    const cloud = all.filter(({ id, kind }) => kind === "cloud" && id !== "openai-compatible");
    expect(breakers(({ key }) => key !== undefined && key.env.length > 0 && key.optional === undefined, cloud)).toEqual([]);
  });

  it("ask for their list at one of their own addresses", () => {
    const originOf = (url: string) => new URL(url).origin;
    const breaking = breakers(
      ({ speaks, modelsUrl }) =>
        modelsUrl === undefined || Object.values(speaks).some(({ baseUrl }) => originOf(baseUrl) === originOf(modelsUrl)),
    );
    expect(breaking).toEqual([]);
  });

  it("know limits that can be, and have some where there is no list", () => {
    const isFigure = (figure: number | undefined) => figure === undefined || (Number.isSafeInteger(figure) && figure > 0);
    const breaking = breakers(({ limits = {}, discover, retired, ownAddress }) => {
      const known = Object.values(limits);
      const isTable = discover === "none" && !retired && !ownAddress;
      return (
        (known.length > 0 || !isTable) &&
        known.every(({ context, maxOutput }) => isFigure(context) && isFigure(maxOutput) && (maxOutput ?? 0) <= (context ?? Infinity))
      );
    });
    expect(breaking).toEqual([]);
  });

  it("have efforts in their order, each once", () => {
    const order = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
    const breaking = breakers((row) =>
      quirksIn(row).every(
        ({ efforts = [] }) => JSON.stringify(efforts) === JSON.stringify(order.filter((one) => efforts.some((is) => is === one))),
      ),
    );
    expect(breaking).toEqual([]);
  });

  it("leave out no field that a request cannot do without, or that they add to it", () => {
    const breaking = breakers((row) =>
      quirksIn(row).every(({ refusedFields = [], chatBody = {} }) =>
        refusedFields.every((field) => !["messages", "model", ...Object.keys(chatBody)].includes(field)),
      ),
    );
    expect(breaking).toEqual([]);
  });

  it("are data: their files have no code", () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".ts") && !machinery.includes(file))) {
      const code = readFileSync(join(folder, name), "utf8").replace(/"[^"]*"|\/\/.*|\/\*[\s\S]*?\*\//g, "");
      expect(code, name).not.toMatch(/=>|\bfunction\b|\bprocess\b|\bif\s*\(/);
    }
  });

  it("say that they are unchecked where no recording backs them", () => {
    const checked = all.filter((row) => !row.unchecked).map((row) => row.id);
    expect(checked.sort()).toEqual(["demo", "gguf", "llamacpp", "ollama", "openai-compatible", "vllm"]);
  });

  it("are never two at one address for one wire", () => {
    const addresses = all.flatMap((row) => Object.entries(row.speaks).map(([wire, { baseUrl }]) => `${wire} ${baseUrl}`));
    expect(addresses.length).toBe(new Set(addresses).size);
  });
});

describe("the aliases", () => {
  it("lead to rows, and none hides one", () => {
    const stray = [...aliases].filter(([alias, id]) => rows[id] === undefined || rows[alias] !== undefined);
    expect(stray).toEqual([]);
  });

  it("know the spellings of LiteLLM and OpenCode", () => {
    const spellings = {
      together: ["together_ai", "togetherai"],
      fireworks: ["fireworks_ai", "fireworks-ai"],
      bedrock: ["bedrock", "amazon-bedrock"],
      vertex: ["vertex_ai", "google-vertex"],
      "azure-openai": ["azure"],
      kimi: ["moonshot", "moonshotai"],
      "kimi-coding": ["kimi-for-coding"],
      zai: ["zai", "zhipuai"],
      novita: ["novita", "novita-ai"],
      vllm: ["hosted_vllm"],
      ollama: ["ollama_chat"],
    };
    for (const [id, written] of Object.entries(spellings))
      for (const name of written) expect(aliases.get(name) ?? (rows[name] && name), name).toBe(id);
  });

  it("know the spellings of free-claude-code", () => {
    const spellings = {
      nvidia_nim: "nvidia",
      open_router: "openrouter",
      mistral_codestral: "codestral",
      opencode_go: "opencode-go",
      lm_studio: "lmstudio",
    };
    expect(Object.fromEntries(aliases)).toMatchObject(spellings);
    const same = "gemini deepseek mistral opencode wafer kimi cerebras groq fireworks zai lmstudio llamacpp ollama".split(" ");
    expect(same.filter((id) => rows[id] === undefined)).toEqual([]);
  });

  it("are not found by the names of object properties", () => {
    for (const name of ["constructor", "toString", "__proto__"]) expect(rows[name]).toBeUndefined();
  });
});
