import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { aliases, rows } from "../../src/providers/index.ts";

const folder = resolve(import.meta.dirname, "../../src/providers");
const machinery = ["index.ts", "row.ts", "quirks-of.ts", "families.ts"];
const all = Object.values(rows);
const variable = /^[A-Z][A-Z0-9_]*$/;

describe("the provider rows", () => {
  it("has one row for each file, by the file's name, and each file in the list", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !machinery.includes(name));
    expect(files.map((name) => name.replace(/\.ts$/, "").replace(/^compatible$/, "openai-compatible")).sort()).toEqual(
      Object.keys(rows).sort(),
    );
  });

  it.each(all.map((row) => [row.id, row] as const))("%s is well formed", (id, row) => {
    expect(rows[id]).toBe(row);
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
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

  it.each(all.map((row) => [row.id, row] as const))("%s names only wires that it speaks", (_, row) => {
    const spoken = Object.keys(row.speaks);
    for (const choice of Object.values(row.better ?? {})) expect(spoken).toContain(choice.wire);
    for (const [wire, choice] of Object.entries(row.better ?? {})) expect(choice.wire).not.toBe(wire);
    for (const wires of Object.values(row.modelWires ?? {})) for (const wire of wires) expect(spoken).toContain(wire);
  });

  it.each(all.map((row) => [row.id, row] as const))("%s asks for its key and its list at one of its own addresses", (_, row) => {
    if (row.kind === "cloud" && row.id !== "openai-compatible") {
      expect(row.key?.env.length).toBeGreaterThan(0);
      expect(row.key?.optional).toBeUndefined();
    }
    if (row.modelsUrl === undefined) return;
    const origins = Object.values(row.speaks).map(({ baseUrl }) => new URL(baseUrl).origin);
    expect(origins).toContain(new URL(row.modelsUrl).origin);
  });

  it.each(all.map((row) => [row.id, row] as const))("%s knows limits that can be", (_, row) => {
    for (const { context, maxOutput } of Object.values(row.limits ?? {})) {
      for (const figure of [context, maxOutput]) if (figure !== undefined) expect(Number.isSafeInteger(figure) && figure > 0).toBe(true);
      if (context && maxOutput) expect(maxOutput).toBeLessThanOrEqual(context);
    }
    // Without a list the table is the list.
    if (row.discover === "none" && !row.retired && !row.ownAddress) expect(Object.keys(row.limits ?? {}).length).toBeGreaterThan(0);
  });

  it.each(all.map((row) => [row.id, row] as const))("%s has quirks that agree with each other", (_, row) => {
    for (const quirks of [row.quirks, ...Object.values(row.modelQuirks ?? {})]) {
      if (quirks.efforts) expect(new Set(quirks.efforts).size).toBe(quirks.efforts.length);
      expect(quirks.refusedFields ?? []).not.toContain("messages");
      expect(quirks.refusedFields ?? []).not.toContain("model");
      for (const field of Object.keys(quirks.chatBody ?? {})) expect(quirks.refusedFields ?? []).not.toContain(field);
      const order = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
      const places = (quirks.efforts ?? []).map((effort) => order.indexOf(effort));
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it("is data: a row's file has no code", () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".ts") && !machinery.includes(file))) {
      const code = readFileSync(join(folder, name), "utf8").replace(/"[^"]*"|\/\/.*|\/\*[\s\S]*?\*\//g, "");
      expect(code, name).not.toMatch(/=>|\bfunction\b|\bprocess\b|\bif\s*\(/);
    }
  });

  it("says of every row that no recording backs that it is unchecked", () => {
    const checked = all.filter((row) => !row.unchecked).map((row) => row.id);
    expect(checked.sort()).toEqual(["demo", "gguf", "llamacpp", "ollama", "openai-compatible", "vllm"]);
  });

  it("has no two rows at one address for one wire", () => {
    const addresses = all.flatMap((row) => Object.entries(row.speaks).map(([wire, { baseUrl }]) => `${wire} ${baseUrl}`));
    expect(addresses.length).toBe(new Set(addresses).size);
  });
});

describe("the aliases", () => {
  it("lead to rows, and none hides one", () => {
    for (const [alias, id] of aliases) {
      expect(rows[id], alias).toBeDefined();
      expect(rows[alias], alias).toBeUndefined();
    }
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
    for (const id of [
      "gemini",
      "deepseek",
      "mistral",
      "opencode",
      "wafer",
      "kimi",
      "cerebras",
      "groq",
      "fireworks",
      "zai",
      "lmstudio",
      "llamacpp",
      "ollama",
    ]) {
      expect(rows[id]).toBeDefined();
    }
  });

  it("are not found by the names of object properties", () => {
    for (const name of ["constructor", "toString", "__proto__"]) expect(rows[name]).toBeUndefined();
  });
});
