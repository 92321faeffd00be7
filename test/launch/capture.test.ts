import { expect, it } from "vitest";
import { capture } from "../../src/launch/capture.ts";

const shell = (script: string) => capture({ path: "/bin/sh", args: ["-c", script], env: process.env, patience: 10_000 });

it("keeps what a program says, and how it ended", async () => {
  expect(await shell("echo one; echo two >&2")).toEqual({ ok: true, stdout: "one", stderr: "two" });
  expect(await shell("echo one; exit 3")).toEqual({ ok: false, stdout: "one", stderr: "", ended: "exit code 3" });
  expect(await shell("kill -TERM $$")).toMatchObject({ ok: false, ended: "SIGTERM" });
});

it("does not wait for what the program left running", async () => {
  const began = performance.now();
  expect(await shell("sleep 15 & echo done")).toEqual({ ok: true, stdout: "done", stderr: "" });
  expect(performance.now() - began).toBeLessThan(10_000);
});
