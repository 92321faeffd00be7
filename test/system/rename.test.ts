import { existsSync, promises as files, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { replaceFile } from "../../src/config/files/replace-file.ts";
import { folderOfEachTest } from "../support/folder.ts";

const { platform } = process;
const base = folderOfEachTest();
afterEach(() => {
  Object.defineProperty(process, "platform", { value: platform });
  vi.restoreAllMocks();
});

const held = () => Object.assign(new Error("held"), { code: "EPERM", syscall: "rename" });

it("waits on Windows until nobody has the file open any more", async () => {
  Object.defineProperty(process, "platform", { value: "win32" });
  const path = join(base(), "keys.json");
  writeFileSync(path, "old");
  const rename = vi.spyOn(files, "rename").mockRejectedValueOnce(held()).mockRejectedValueOnce(held());
  await replaceFile(path, "new", { fresh: 0o600 });
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(rename).toHaveBeenCalledTimes(3);
});

it("does not wait elsewhere, where it is a right that is missing", async () => {
  Object.defineProperty(process, "platform", { value: "linux" });
  vi.spyOn(files, "rename").mockRejectedValueOnce(held());
  const path = join(base(), "keys.json");
  await expect(replaceFile(path, "new", { fresh: 0o600 })).rejects.toMatchObject({ code: "EPERM", path });
  expect(existsSync(path)).toBe(false);
});
