import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { createMachine } from "../agents/run.ts";

const llama = inject("llama");
const { claude = "" } = inject("installed");

describe.skipIf(llama === undefined || claude === "")("a model file on the real llama-server", () => {
  it("is loaded with its trained window, answers Claude Code, and is gone with it", async () => {
    const machine = createMachine();
    const folder = join(machine.home, "programs");
    mkdirSync(folder);
    symlinkSync(llama?.program ?? "", join(folder, "llama-server"));
    symlinkSync(llama?.model ?? "", join(machine.project, "small.gguf"));
    const ended = await machine.fcc(
      ["claude", "--model", "./small.gguf", "--bare", "--tools", "", "-p", "say hi", "--output-format", "json"],
      { CLAUDE_CODE_MAX_RETRIES: "0", PATH: `${folder}:${machine.env["PATH"]}` },
    );
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(ended.stderr).toMatch(/llama-server has loaded small in [\d.]+ s/);
    const [, window, url = ""] = /gguf\/small \((\w+) context, (http:\/\/127\.0\.0\.1:\d+)\)/.exec(ended.stderr) ?? [];
    expect(window).toBe("8k");
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(JSON.parse(ended.stdout)).toMatchObject({ is_error: false });
  });
});
