import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();

/** Where a process listens, as the kernel shows it. */
const listening = (pid: number) => {
  const open = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  const families = ["tcp", "tcp6"].filter((family) => existsSync(`/proc/${pid}/net/${family}`));
  return families.flatMap((family) =>
    readFileSync(`/proc/${pid}/net/${family}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => row[3] === "0A" && open.includes(`socket:[${row[9]}]`))
      .map((row) => `${family} ${row[1]}`),
  );
};

/** A session that lasts until the file `go` is there. */
const launch = async (name: string) => {
  const script = 'echo "$FCC_URL" > ../$0; echo ready; while [ ! -e ../go ]; do sleep 0.02; done';
  const running = machine.start(["run", "--quiet", "--profile", "demo", "--", "/bin/sh", "-c", script, name]);
  onTestFinished(() => running.kill("SIGTERM"));
  await running.printed("ready");
  return { ...running, url: new URL(readFileSync(join(machine.base, name), "utf8").trim()) };
};

it("the proxy's port is each launch's own, on loopback alone, and is gone with it", async () => {
  const both = await Promise.all([launch("one"), launch("two")]);
  expect(both.map(({ url }) => url.hostname)).toEqual(["127.0.0.1", "127.0.0.1"]);
  expect(new Set(both.map(({ url }) => url.port)).size).toBe(2);
  for (const { url, pid } of both) {
    await expect(fetch(url)).resolves.toBeInstanceOf(Response);
    if (process.platform !== "linux") continue;
    const port = Number(url.port).toString(16).toUpperCase().padStart(4, "0");
    const sockets = listening(pid);
    expect(sockets.filter((socket) => socket.endsWith(`:${port}`))).toEqual([`tcp 0100007F:${port}`]);
    // The stand-in model has a port of its own.
    expect(sockets.filter((socket) => !socket.startsWith("tcp 0100007F:"))).toEqual([]);
  }
  machine.write("go", "");
  expect((await Promise.all(both.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0]);
  for (const { url } of both) await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
});
