import { describe, expect, it } from "vitest";
import { makeRoom, neededWindow } from "../../../src/cli/launch/room.ts";
import { claude } from "../../../src/clients/claude.ts";
import type { Window } from "../../../src/discover/window.ts";
import { rows } from "../../../src/providers/index.ts";
import { providerAt, targetOf } from "../../support/provider.ts";
import { windowsOf } from "../../support/windows.ts";

const on = (id: string) => targetOf(providerAt("http://127.0.0.1:1", {}, rows[id]), "m");
const windows = (window: Partial<Window>) => windowsOf(() => ({ source: "/props", certain: true, ...window }));
const room = (context: number | undefined, args: readonly string[], over: Partial<Window> = {}, id = "llamacpp") =>
  makeRoom(claude, { args, extra: [] }, on(id), windows({ ...(context === undefined ? {} : { context }), ...over }));

describe("room in the window for the client's own prompt", () => {
  it.each([
    ["32k hold all tools", 32_768, ["-p", "hi"], ["-p", "hi"]],
    ["16k hold six", 16_384, ["-p", "hi"], ["--tools=Bash,Edit,Glob,Grep,Read,Write", "-p", "hi"]],
    ["8k hold three", 8192, ["-p", "hi"], ["--tools=Bash,Edit,Read", "-p", "hi"]],
    ["8k hold what the user chose", 8192, ["--bare", "--tools", "Read"], ["--bare", "--tools", "Read"]],
    ["what starts no session needs none", 1024, ["mcp", "list"], ["mcp", "list"]],
    ["nobody knows", undefined, ["-p", "hi"], ["-p", "hi"]],
  ])("%s", (_, context, args, started) => {
    expect(room(context, args)).toMatchObject({ args: started });
  });

  it("says which tools are left, in one line", () => {
    expect(room(8192, [])).toMatchObject({
      notice: expect.stringMatching(
        /^box\/m has a window of 8k tokens .*Bash, Edit, Read only\. With 26k it has them all, with 38k it works well\.$/,
      ),
    });
  });

  it.each([
    ["llamacpp", "Start the server with a larger one: llama-server -c 65536 ..."],
    ["ollama", "Start the server with a larger one: OLLAMA_CONTEXT_LENGTH=65536 ollama serve"],
    ["lmstudio", "Start the server with a larger one: lms load m --context-length 65536"],
    ["vllm", "Start the server with a larger one: vllm serve ... --max-model-len 65536"],
    ["sglang", "Start the server with a larger one: python -m sglang.launch_server ... --context-length 65536"],
    // Nobody starts these: the launch itself does, with all the window that the model has, and the provider.
    ["gguf", "Choose a model with a larger window."],
    ["ollama-cloud", "Choose a model with a larger window."],
  ])("stops a launch that no choice of tools helps, with what mends it: %s", (id, todo) => {
    const { refusal } = room(4096, ["-p", "hi"], {}, id);
    expect(refusal?.exitCode).toBe(1);
    expect(refusal?.lines[0]).toMatch(/^box\/m has a window of 4096 tokens \(\/props\)/);
    expect(refusal?.lines[1]).toBe(todo);
  });

  it("is the user's own word where he set the window", () => {
    expect(room(4096, [], { source: "configuration" })).toEqual({ args: [] });
    expect(room(4096, [], { certain: false })).toEqual({ args: [] });
  });

  it("is wanted for a conversation too", () => {
    expect(neededWindow(claude, [])).toBe(38_096);
    expect(neededWindow(claude, ["--version"])).toBe(0);
    expect(neededWindow(undefined, [])).toBe(20_096);
  });
});
