import { spawnSync } from "node:child_process";
import { afterEach, expect, it, vi } from "vitest";
import { tellGroup } from "../../src/system/group.ts";

vi.mock("node:child_process", async (actual) => ({ ...(await actual<object>()), spawnSync: vi.fn() }));

const { platform } = process;
afterEach(() => {
  Object.defineProperty(process, "platform", { value: platform });
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("on Windows what a program has started ends with it, by a tool that no folder of a clone can hold", () => {
  Object.defineProperty(process, "platform", { value: "win32" });
  vi.stubEnv("SystemRoot", "D:\\Windows");
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const said = vi.mocked(spawnSync);
  const status = (code: number | null) => said.mockReturnValue({ status: code } as ReturnType<typeof spawnSync>);
  status(0);
  expect(tellGroup(42, "SIGTERM")).toBe(true);
  expect(said).toHaveBeenCalledWith("D:\\Windows\\System32\\taskkill.exe", ["/pid", "42", "/t", "/f"], expect.anything());
  expect(kill).not.toHaveBeenCalled();
  // Without it, as where there is no such process, the program alone is told.
  status(null);
  expect(tellGroup(42, "SIGKILL")).toBe(true);
  expect(kill).toHaveBeenCalledWith(42, "SIGKILL");
  said.mockClear();
  expect(tellGroup(42, 0)).toBe(true);
  expect(said).not.toHaveBeenCalled();
});
