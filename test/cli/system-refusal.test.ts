import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { systemRefusal } from "../../src/cli/system-refusal.ts";
import { replaceFile } from "../../src/config/files/replace-file.ts";

it.each([
  [{ code: "ENOSPC", syscall: "write" }, "a file cannot be written: there is no space left.", /^Make room in your home/],
  [
    { code: "EDQUOT", syscall: "write", path: "/h/keys.json" },
    "/h/keys.json cannot be written: there is no space left for",
    /^Make room there/,
  ],
  [{ code: "EMFILE", syscall: "open", path: "/h/a" }, "no more files can be opened: ", /`ulimit -n`/],
  [{ code: "EFBIG", syscall: "write" }, "a limit of this shell on the size of files", /`ulimit -f`/],
  [
    { code: "EROFS", syscall: "mkdtemp", path: join(tmpdir(), "fcc-1") },
    `${tmpdir()}, the folder for temporary files, cannot be used: it is read-only.`,
    /^Set TMPDIR/,
  ],
  [{ code: "ENOENT", syscall: "mkdir", path: "/h/.local" }, "/h/.local cannot be written: no folder can be made there.", /set HOME/],
  [{ code: "EBADMSG", syscall: "read", path: "/h/keys.json" }, "/h/keys.json cannot be used: it is no JSON.", /^Mend it/],
  [{ code: "EACCES", syscall: "open", path: "/h/a" }, "/h/a cannot be used: permission denied.", /set HOME/],
])("%j is a sentence with its remedy", (error, sentence, remedy) => {
  const [said, todo] = systemRefusal(Object.assign(new Error("x"), error), "linux") ?? [];
  expect(said).toContain(sentence);
  expect(todo).toMatch(remedy);
});

it.each([
  [{ code: "EPERM", syscall: "open", path: "C:\\U\\a" }, /set APPDATA and LOCALAPPDATA/],
  [{ code: "ENOENT", syscall: "mkdtemp", path: "C:\\T\\fcc-1" }, /^Set TEMP /],
  [{ code: "ENOENT", syscall: "uv_os_homedir" }, /^Set USERPROFILE /],
])("%j on Windows has its remedy there", (error, remedy) => {
  expect(systemRefusal(Object.assign(new Error("x"), error), "win32")?.[1]).toMatch(remedy);
});

it("a fault of fcc's own is none", () => {
  expect(systemRefusal(new TypeError("x"))).toBeUndefined();
  expect(systemRefusal(Object.assign(new Error("x"), { code: "EBADF", syscall: "write" }))).toBeUndefined();
});

it("of a file that is written whole names that file, not the temporary one beside it", async () => {
  const path = join(import.meta.filename, "keys.json");
  const error = await replaceFile(path, "x", { fresh: 0o600 }).catch((thrown: unknown) => thrown);
  expect(systemRefusal(error)?.[0]).toBe(`${path} cannot be written: a part of its path is no folder.`);
});
