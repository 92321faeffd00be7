import { describe, expect, it } from "vitest";
import { makeRoom, neededWindow } from "../../../src/cli/launch/room.ts";
import { claude } from "../../../src/clients/claude.ts";
import type { Window } from "../../../src/discover/index.ts";
import { providerAt, targetOf } from "../../support/provider.ts";
import { windowsOf } from "../../support/windows.ts";

const target = targetOf(providerAt("http://127.0.0.1:1", {}, { discover: "llamacpp" }), "m");
const windows = (window: Partial<Window>) => windowsOf(() => ({ source: "/props", certain: true, ...window }));
const room = (context: number | undefined, args: readonly string[], over: Partial<Window> = {}) =>
  makeRoom(claude, { args, extra: [] }, target, windows({ ...(context === undefined ? {} : { context }), ...over }));

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

  it("stops a launch that no choice of tools helps, with the command that mends it", () => {
    const { refusal } = room(4096, ["-p", "hi"]);
    expect(refusal?.exitCode).toBe(1);
    expect(refusal?.lines.join("\n")).toMatch(/box\/m has a window of 4096 tokens \(\/props\)[\s\S]*llama-server -c 65536/);
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
