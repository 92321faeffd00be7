import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it, vi } from "vitest";
import { fetchSecret } from "../../src/config/secrets/secrets.ts";
import { createSidecars } from "../../src/launch/sidecars.ts";
import { programOnPath } from "../../src/system/on-path.ts";
import { folderOfEachTest } from "../support/folder.ts";

const base = folderOfEachTest();

function program(path: string): string {
  const full = join(base(), path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, "#!/bin/sh\necho from-$0\n", { mode: 0o755 });
  return full;
}
const pathOf = (...folders: readonly string[]) => ({ Path: folders.map((folder) => join(base(), folder)).join(";") });

it("on Windows by PATH alone, in its order, as what can be started there", () => {
  const on = (name: string, env: Record<string, string>) => programOnPath(name, env, { platform: "win32" });
  program("a/op");
  const shim = program("a/op.cmd");
  const own = program("b/op.exe");
  expect(on("op", pathOf("none", "a", "b"))).toBe(shim);
  expect(on("op", pathOf("b", "a"))).toBe(own);
  expect(on("op.exe", pathOf("a", "b"))).toBe(own);
  expect(on("./op", pathOf("a"))).toBe("./op");
  expect(on("tools\\op", pathOf("a"))).toBe("tools\\op");
  symlinkSync(join(base(), "nowhere"), join(base(), "b/python.exe"));
  expect(on("python", pathOf("a", "b"))).toBe(join(base(), "b/python.exe"));
  // The working folder has package.json, and a clone may have anything.
  expect(on("package.json", { Path: `.;${join(base(), "a")}` })).toBeUndefined();
  expect(on("package.json", {})).toBeUndefined();
});

it("elsewhere as the system looks for it", () => {
  expect(programOnPath("op", {}, { platform: "linux" })).toBe("op");
});

it("so on Windows goes a command for a key, and what runs beside a session", async () => {
  const { platform } = process;
  Object.defineProperty(process, "platform", { value: "win32" });
  try {
    const env = { PATH: pathOf("none", "a").Path };
    const key = program("a/key.cmd");
    expect(await fetchSecret({ command: ["key"] }, { env, home: base(), cwd: base() })).toMatchObject({ secret: `from-${key}` });
    expect(await fetchSecret({ command: ["none"] }, { env, home: base(), cwd: base() })).toMatchObject({
      fault: "the command none was not found",
    });
    const sidecars = createSidecars({ cache: base(), env });
    const sidecar = sidecars.start(["key"]);
    await vi.waitFor(() => expect(sidecar.ended).toBe("ended with exit code 0"));
    await vi.waitFor(() => expect(sidecar.lines).toEqual([`from-${key}`]));
    expect(sidecars.start(["none"]).ended).toBe("was not found");
    await sidecars.end();
  } finally {
    Object.defineProperty(process, "platform", { value: platform });
  }
});
