import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { markOfProcess } from "../../src/launch/alive.ts";
import { createFolder, removeLeftOvers } from "../../src/launch/folder.ts";
import { folderOfEachTest } from "../support/folder.ts";

const temporary = folderOfEachTest();

/** A process id that no process has: Linux gives none above 4,194,304. */
const gone = markOfProcess().replace(/^\d+-\d+/, "4999999-1");

describe("the private folder of a launch", () => {
  it("and its files are for this user alone, and gone at the end", () => {
    const folder = createFolder(temporary());
    folder.write("settings.json", "{}");
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder.path, "settings.json")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder.path, "settings.json"), "utf8")).toBe("{}");
    folder.remove();
    expect(existsSync(folder.path)).toBe(false);
    folder.remove();
  });

  it("is another one for each launch", () => {
    expect(createFolder(temporary()).path).not.toBe(createFolder(temporary()).path);
  });

  it("is removed by the next launch when its process is gone", () => {
    const left = join(temporary(), `fcc-${gone}-abcdef`);
    mkdirSync(join(left, "deep"), { recursive: true });
    removeLeftOvers(temporary());
    expect(existsSync(left)).toBe(false);
  });

  it.skipIf(process.platform !== "linux")("is removed when another process has its number by now", () => {
    const left = join(temporary(), `fcc-${markOfProcess().replace(/^(\d+)-\d+/, "$1-1")}-abcdef`);
    mkdirSync(left);
    removeLeftOvers(temporary());
    expect(existsSync(left)).toBe(false);
  });

  it("stays while its process lives", () => {
    const { path } = createFolder(temporary());
    removeLeftOvers(temporary());
    expect(existsSync(path)).toBe(true);
  });

  it.each(["fcc-agents-abcdef", `fcc-${gone}-abc`, `other-${gone}-abcdef`, `fcc-${gone}-abcdef.txt`, "fcc-4999999-1-0123abcd-abcdef"])(
    "leaves %s alone",
    (name) => {
      mkdirSync(join(temporary(), name));
      removeLeftOvers(temporary());
      expect(existsSync(join(temporary(), name))).toBe(true);
    },
  );

  it("does not fail where the temporary() folder cannot be read", () => {
    expect(() => removeLeftOvers(join(temporary(), "none"))).not.toThrow();
  });
});
