import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readLayer } from "../../../src/config/files/layer.ts";
import { expandPath, foldersOf, showPath } from "../../../src/config/files/paths.ts";
import { findProjectFile } from "../../../src/config/files/search.ts";
import { shellPath, shellWord, shellWords } from "../../../src/config/shell-words.ts";

vi.mock("node:path", async (actual) => {
  const { win32 } = await actual<typeof import("node:path")>();
  return { ...win32, default: win32 };
});

vi.mock("node:fs", async (actual) => ({ ...(await actual<object>()), lstatSync: vi.fn() }));

describe("on Windows", () => {
  it("a project's file is looked for up to the home folder, in whichever letters it is named", async () => {
    const home = "C:\\U\\me";
    await findProjectFile("c:\\u\\me\\p", foldersOf({ home, env: {}, platform: "win32" }));
    const looked = new Set(vi.mocked(lstatSync).mock.calls.map(([path]) => dirname(String(path))));
    expect([...looked]).toEqual(["c:\\u\\me\\p", "c:\\u\\me\\p\\.config", "c:\\u\\me", "c:\\u\\me\\.config"]);
  });

  it.each([
    ["C:\\U\\me\\p\\.config\\fccrc", ".config\\fccrc"],
    ["c:\\u\\me\\AppData\\Roaming\\fcc\\config.yaml", "~\\AppData\\Roaming\\fcc\\config.yaml"],
    ["D:\\shared\\c.yaml", "D:\\shared\\c.yaml"],
    ["\\\\server\\share\\c.yaml", "\\\\server\\share\\c.yaml"],
  ])("%s is shown as %s", (path, shown) => {
    expect(showPath(path, "C:\\U\\me\\p", "C:\\U\\me")).toBe(shown);
  });

  it("~ is home with either slash", () => {
    for (const written of ["~/keys/one", "~\\keys\\one"]) expect(expandPath(written, "C:\\U", "D:\\p")).toBe("C:\\U\\keys\\one");
  });

  it.each([
    [".\\key.cmd", "D:\\p\\key.cmd"],
    ["tools\\key.cmd", "D:\\p\\tools\\key.cmd"],
    ["./key.cmd", "D:\\p\\key.cmd"],
    ["C:\\tools\\op.exe", "C:\\tools\\op.exe"],
    ["op", "op"],
  ])("the program %s of a file in D:\\p is %s", (written, program) => {
    const text = JSON.stringify({ providers: { openai: { key: { command: [written, "read"] } } } });
    const file = { path: "D:\\p\\.fccrc", label: ".fccrc", text, format: "json" } as const;
    const { layer } = readLayer(file, { name: "project", home: "C:\\U", trusted: true }) as Extract<
      ReturnType<typeof readLayer>,
      { layer: unknown }
    >;
    expect(layer.tree).toMatchObject({ providers: { openai: { key: [{ command: [program, "read"] }] } } });
  });
});

it("a word that needs quotes has those of the system's shells", () => {
  expect(shellWord("C:\\my code", "win32")).toBe('"C:\\my code"');
  expect(shellWord('a "b"', "win32")).toBe('"a \\"b\\""');
  expect(shellWord("plain/word", "win32")).toBe("plain/word");
  expect(shellWord("it's", "linux")).toBe(`'it'\\''s'`);
  expect(shellWords(["plain", "two"])).toBe("plain two");
  expect(shellPath("/h/p", "~/p")).toBe("~/p");
});
