import { createHash } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCompiled, runnable } from "../../bin/compiled.ts";
import { bundleProgram, run as launch } from "../launch/built.ts";
import { folderOfEachTest } from "../support/folder.ts";

const base = folderOfEachTest();
let folder: string;
let file: string;
beforeEach(() => {
  folder = join(base(), "cache", "compiled");
  file = join(base(), "commands.js");
  write("a".repeat(64), "1");
  vi.stubEnv("NODE_DISABLE_COMPILE_CACHE", undefined);
});
afterEach(() => vi.unstubAllEnvs());

/** A script with a name for what stands in it, which is taken at its word here. */
const write = (name: string, value: string) =>
  writeFileSync(file, runnable(`const { sep } = require("node:path"); exports.value = ${value}; exports.sep = sep;`, name));
interface Exports {
  readonly value: number;
  readonly sep: string;
}
const run = () => runCompiled<Exports>(file, folder);
const kept = () => readdirSync(folder);
const path = () => join(folder, kept()[0] ?? "");

describe("compiled code", () => {
  it("is kept once, readable by its owner alone, and gives the same", () => {
    const first = run();
    first.save();
    expect(kept()).toHaveLength(1);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    const before = statSync(path()).mtimeMs;
    const second = run();
    second.save();
    expect(second.exports).toEqual(first.exports);
    expect(statSync(path()).mtimeMs).toBe(before);
  });

  it("is what runs the next time", () => {
    run().save();
    // V8 takes a script by its length: what runs is what was compiled, so that the name has to tell two scripts apart.
    write("a".repeat(64), "2");
    expect(run().exports.value).toBe(1);
    write("b".repeat(64), "2");
    expect(run().exports.value).toBe(2);
  });

  it("of another build goes when this one is kept", () => {
    run().save();
    write("b".repeat(64), "2");
    run().save();
    expect(kept().map((name) => name.slice(0, 16))).toEqual(["b".repeat(16)]);
  });

  const wrongs: readonly (readonly [string, () => void])[] = [
    ["cut short", () => writeFileSync(path(), readFileSync(path()).subarray(0, 100))],
    ["empty", () => writeFileSync(path(), "")],
    [
      "damaged in one bit",
      () => {
        const content = readFileSync(path());
        content[content.length - 9] = (content[content.length - 9] ?? 0) ^ 1;
        writeFileSync(path(), content);
      },
    ],
    ["what others may write", () => chmodSync(path(), 0o602)],
    ["what its group may write", () => chmodSync(path(), 0o620)],
    ["in a folder that others may write", () => chmodSync(folder, 0o702)],
    ["in a folder that its group may write", () => chmodSync(folder, 0o720)],
    // Only root can give a file away.
    ...(process.getuid?.() === 0
      ? ([
          ["another user's", () => chownSync(path(), 4321, 4321)],
          ["in another user's folder", () => chownSync(folder, 4321, 4321)],
        ] as const)
      : []),
    [
      "a link to a file",
      () => {
        const elsewhere = join(base(), "elsewhere");
        writeFileSync(elsewhere, readFileSync(path()), { mode: 0o600 });
        const place = path();
        rmSync(place);
        symlinkSync(elsewhere, place);
      },
    ],
    [
      "a folder",
      () => {
        const place = path();
        rmSync(place);
        mkdirSync(place);
      },
    ],
  ];
  it.each(wrongs)("that is %s is compiled anew", (_, spoil) => {
    run().save();
    spoil();
    // Would be 1 where it was taken.
    write("a".repeat(64), "2");
    const again = run();
    expect(again.exports.value).toBe(2);
    expect(again.save).not.toThrow();
  });

  it("that V8 refuses, as one of other settings, is kept anew", () => {
    run().save();
    const data = readFileSync(path()).subarray(20);
    // Its word for V8's settings, behind a digest that is right.
    data.writeUInt8(data.readUInt8(12) ^ 1, 12);
    writeFileSync(path(), Buffer.concat([createHash("sha1").update(data).digest(), data]));
    write("a".repeat(64), "2");
    const again = run();
    expect(again.exports.value).toBe(2);
    again.save();
    write("a".repeat(64), "3");
    expect(run().exports.value).toBe(2);
  });

  it("is not kept where there is no folder to be had, or others may write it", () => {
    writeFileSync(join(base(), "cache"), "");
    expect(run().save).not.toThrow();
    rmSync(join(base(), "cache"));
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    run().save();
    expect(kept()).toEqual([]);
  });

  it("of a script beside it is kept of its own, and is run when it is first asked for", () => {
    writeFileSync(join(base(), "beside.js"), runnable("exports.loaded = {};", "a".repeat(64)));
    writeFileSync(file, runnable('exports.ask = () => require("./beside.js").loaded;', "a".repeat(64)));
    interface Asking {
      readonly ask: () => object;
    }
    runCompiled<Asking>(file, folder).save();
    expect(kept()).toHaveLength(1);
    for (const _ of ["the first", "a later launch"]) {
      const { exports, save: keep } = runCompiled<Asking>(file, folder);
      expect(exports.ask()).toBe(exports.ask());
      keep();
      expect(kept().map((name) => name.split("-")[1])).toEqual(["beside", "commands"]);
    }
  });

  it("that a session kept, under settings of its own, is taken by the next launch", async () => {
    const { program, remove } = await bundleProgram();
    const told = join(base(), "told.cjs");
    // Says of each script whether V8 took what was kept of it.
    writeFileSync(
      told,
      `const vm = require("node:vm");
      vm.Script = class extends vm.Script {
        constructor(code, options) {
          super(code, options);
          if (options.cachedData) process._rawDebug(require("node:path").basename(options.filename), this.cachedDataRejected ? "refused" : "taken");
        }
      };`,
    );
    const client = "fetch(process.env.FCC_URL + '/v1/models').then(() => setTimeout(() => {}, 1700))";
    const env = { HOME: base(), NODE_OPTIONS: `--require ${JSON.stringify(told)}` };
    const session = () =>
      launch(program, ["run", "--profile", "demo", "--quiet", "--", process.execPath, "-e", client], { env }).ended.then(
        ({ stderr }) => stderr,
      );
    expect(await session()).toBe("");
    expect(await session()).toBe("commands.js taken\nproxy.js taken\nsender.js taken\n");
    remove();
  });

  it("is left alone where the user says so", () => {
    vi.stubEnv("NODE_DISABLE_COMPILE_CACHE", "1");
    run().save();
    expect(readdirSync(base())).toEqual(["commands.js"]);
    vi.stubEnv("NODE_DISABLE_COMPILE_CACHE", undefined);
    run().save();
    write("a".repeat(64), "2");
    vi.stubEnv("NODE_DISABLE_COMPILE_CACHE", "1");
    expect(run().exports.value).toBe(2);
  });
});
