import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultOf } from "../../src/launch/startable.ts";
import { folderOfAllTests } from "../support/folder.ts";

const machine = { platform: "linux", arch: "x64", musl: false };
const base = folderOfAllTests();

const files: Readonly<Record<string, readonly [text: string, mode: number]>> = {
  plain: ["#!/bin/sh -e\necho\n", 0o755],
  wordless: ["echo\n", 0o755],
  closed: ["#!/bin/sh\n", 0o644],
  lost: ["#! /no/such/interpreter -x\n", 0o755],
  windows: ["#!/bin/sh\r\necho\r\n", 0o755],
};
for (const [name, [text, mode]] of Object.entries(files)) writeFileSync(join(base, name), text, { mode });
mkdirSync(join(base, "folder"));

const shell = { PATH: `${join(base, "none")}:${join(base, "plain")}:${base}` };

describe.each([
  ["plain", undefined],
  ["wordless", undefined],
  ["closed", [126, "cannot be run: it is not executable (chmod +x)."]],
  ["lost", [127, 'cannot be run: its first line names "/no/such/interpreter", which is not there.']],
  ["windows", [127, 'cannot be run: its first line names "/bin/sh\\r", which is not there.']],
])("a program that is %s", (name, expected) => {
  it.each([name, join(base, name)])("named as %s", (program) => {
    const fault = faultOf(program, shell, machine);
    expect(fault && [fault.exitCode, fault.why]).toEqual(expected && [expected[0], `${program} ${expected[1]}`]);
  });
});

describe("what is no program", () => {
  it("a folder is one where it is named by its path, and none on PATH", () => {
    const folder = join(base, "folder");
    expect(faultOf(folder, shell, machine)).toEqual({ exitCode: 126, why: `${folder} cannot be run: it is a folder.` });
    expect(faultOf("folder", shell, machine)?.exitCode).toBe(127);
  });

  it("is not there", () => {
    expect(faultOf("nowhere", shell, machine)).toEqual({
      exitCode: 127,
      why: "nowhere is not there: no program on PATH has this name.",
    });
    expect(faultOf("./nowhere", shell, machine)).toEqual({ exitCode: 127, why: "./nowhere is not there." });
  });

  it("cannot be said where the system has a PATH of its own, and on Windows", () => {
    expect(faultOf("nowhere", {}, machine)).toBeUndefined();
    expect(faultOf("nowhere", shell, { ...machine, platform: "win32" })).toBeUndefined();
  });
});
