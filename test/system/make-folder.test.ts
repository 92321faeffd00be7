import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../../src/system/make-folder.ts";
import { folderOfEachTest } from "../support/folder.ts";

const root = folderOfEachTest();
const code = (path: string) => {
  try {
    makeFolder(path);
    return "made";
  } catch (error) {
    const { code, path: at, syscall } = error as NodeJS.ErrnoException;
    expect([at, syscall]).toEqual([path, "mkdir"]);
    return code;
  }
};

describe("a folder with those above it", () => {
  it("is made with its rights, also where some are there, and twice", () => {
    const at = root();
    mkdirSync(join(at, "a"));
    chmodSync(join(at, "a"), 0o755);
    for (let time = 0; time < 2; time += 1) makeFolder(join(at, "a/b/c"));
    const modes = ["a", "a/b", "a/b/c"].map((path) => statSync(join(at, path)).mode & 0o777);
    if (process.platform !== "win32") expect(modes).toEqual([0o755, 0o700, 0o700]);
    expect(readdirSync(join(at, "a/b"))).toEqual(["c"]);
  });

  it("is made behind a link to a folder", () => {
    const at = root();
    mkdirSync(join(at, "real"));
    symlinkSync(join(at, "real"), join(at, "link"));
    makeFolder(join(at, "link/a"));
    expect(readdirSync(join(at, "real"))).toEqual(["a"]);
  });

  it("is refused where something else is", () => {
    const at = root();
    writeFileSync(join(at, "file"), "");
    symlinkSync("two", join(at, "one"));
    symlinkSync("one", join(at, "two"));
    expect(code(join(at, "file"))).toBe("EEXIST");
    expect(code(join(at, "file/a/b"))).toBe("ENOTDIR");
    expect(code(join(at, "one/a"))).toBe("ELOOP");
  });

  it.runIf(process.platform === "linux")("is refused where the system makes none, and does not go on for ever", () => {
    expect(code("/proc/nobody/home/.cache/fcc")).toBe("ENOENT");
    expect(code("/proc/self/.cache")).toBe("ENOENT");
  });
});
