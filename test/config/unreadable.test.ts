import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectFile, systemFile, userFile, world } from "./world.ts";

/** Rights do not hold for root. */
const isRoot = process.getuid?.() === 0;

type Fault = readonly [name: string, make: (path: string) => void, why: string];

/** /proc/self/pagemap holds hundreds of gigabytes, /proc/kmsg waits where one may read it, and both say that they are empty. */
const ofTheKernel = ["pagemap", "maps"].map(
  (name): Fault => [
    `a link to what only seems to be an empty file, ${name}`,
    (path) => symlinkSync(`/proc/self/${name}`, path),
    "it is a file of the kernel's",
  ],
);

const faults: readonly Fault[] = [
  ["a folder of its name", (path) => mkdirSync(path), "it is a folder"],
  ["a link to a device without end", (path) => symlinkSync("/dev/zero", path), "it is a device or a pipe"],
  ...(process.platform === "linux" ? ofTheKernel : []),
  ["more than anybody writes", (path) => writeHoles(path), "it is larger than 16 MB"],
  ["a link to itself", (path) => symlinkSync(path, path), "the link leads in a circle"],
  ["a link that leads nowhere", (path) => symlinkSync(join(path, "../gone"), path), "the link leads nowhere"],
];

/** As large as a clone may well be: nothing but holes, or zeros that were packed. */
function writeHoles(path: string): void {
  writeFileSync(path, "");
  truncateSync(path, 17 * 1024 * 1024);
}

const places: readonly [file: string, shown: (root: string) => string][] = [
  [systemFile, (root) => join(root, systemFile)],
  [userFile, () => "~/.config/fcc/config.yaml"],
  [projectFile, () => ".fccrc"],
];

describe("a file that is there and cannot be read is an error, since a boundary may stand in it", () => {
  for (const [file, shown] of places) {
    it.each(faults)(`${file}: %s`, async (_name, make, why) => {
      const there = world();
      mkdirSync(dirname(join(there.root, file)), { recursive: true });
      make(join(there.root, file));
      expect(await there.errorOf()).toEqual([`${shown(there.root)} cannot be read: ${why}.`]);
    });

    it.skipIf(isRoot)(`${file}: without the right to`, async () => {
      const there = world({ [file]: "boundary: local\n" });
      chmodSync(join(there.root, file), 0);
      expect(await there.errorOf()).toEqual([`${shown(there.root)} cannot be read: permission denied.`]);
    });

    it.skipIf(isRoot || file === projectFile)(`${file}: in a folder without the right to`, async () => {
      const there = world({ [file]: "boundary: local\n" });
      const folder = dirname(join(there.root, file));
      chmodSync(folder, 0);
      const lines = await there.errorOf();
      chmodSync(folder, 0o700);
      expect(lines).toEqual([`${shown(there.root)} cannot be read: permission denied.`]);
    });
  }

  it("one that hides a readable file of the next name", async () => {
    const there = world({ "home/project/.fccrc.yaml": "profile: demo\n" });
    mkdirSync(join(there.project, ".fccrc"));
    expect(await there.errorOf()).toEqual([".fccrc cannot be read: it is a folder."]);
  });

  it("one behind the file that counts is left alone, and so is what is every project's", async () => {
    for (const [, make] of faults) {
      const there = world({ [projectFile]: "profile: demo\n" });
      make(join(there.project, ".fccrc.json"));
      expect((await there.loaded()).choice).toMatchObject({ name: "demo" });
    }
    for (const [, make] of faults) {
      const other = world();
      make(join(other.project, "package.json"));
      expect(await other.resolve()).toEqual({ nothing: true });
    }
    if (process.platform === "linux") {
      const kernels = world();
      symlinkSync("/proc/self/mem", join(kernels.project, "package.json"));
      expect(await kernels.resolve()).toEqual({ nothing: true });
    }
  });

  it("a HOME that is no folder has no file in it", async () => {
    const there = world();
    expect(await there.resolve({ home: "/dev/null" })).toEqual({ nothing: true });
  });

  it("a folder of configuration that is a link to nowhere", async () => {
    const there = world();
    rmSync(there.system, { recursive: true });
    symlinkSync(join(there.root, "gone"), there.system);
    expect(await there.errorOf()).toEqual([`${there.system} cannot be read: the link leads nowhere.`]);
  });

  it("somebody else's closed .config above a project is none", async () => {
    const there = world({ [projectFile]: "profile: demo\n" });
    // As root nothing is closed; then only that a project beside it is found is shown.
    mkdirSync(join(there.project, ".config"), { mode: 0 });
    expect((await there.loaded({ cwd: join(there.project, "a") })).choice).toMatchObject({ name: "demo" });
    chmodSync(join(there.project, ".config"), 0o700);
  });
});

it("an empty nearer file is passed over", async () => {
  const there = world({
    [projectFile]: "profile: night\nprofiles: { night: ollama/x }\n",
    "home/project/a/.fccrc": " \n",
    "home/project/a/b/package.json": "",
  });
  expect((await there.loaded({ cwd: join(there.project, "a/b") })).choice).toMatchObject({ name: "night" });
});
