import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, it, vi } from "vitest";
import { createFolder } from "../../src/launch/folder.ts";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, rmSync: vi.fn(fs.rmSync) };
});

it("a folder that something still writes into ends no session: the next launch removes it", () => {
  const folder = createFolder(tmpdir());
  vi.mocked(rmSync).mockImplementationOnce(() => {
    throw Object.assign(new Error("directory not empty"), { code: "ENOTEMPTY", syscall: "rm", path: folder.path });
  });
  expect(() => folder.remove()).not.toThrow();
  rmSync(folder.path, { recursive: true });
});
