import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { windowMemory } from "../../../src/cli/launch/window-memory.ts";
import { folderOfEachTest } from "../../support/folder.ts";

const cache = folderOfEachTest();

describe("the windows of earlier launches", () => {
  it("are those of all that ran at once, and of two that say another the one that learned it", () => {
    const first = windowMemory(cache());
    first.set("a", 32_768);
    first.save();
    const long = windowMemory(cache());
    const short = windowMemory(cache());
    short.set("a", 65_536);
    short.set("b", 8_192);
    short.save();
    long.set("a", 32_768);
    long.set("c", 4_096);
    long.save();
    const next = windowMemory(cache());
    expect(["a", "b", "c"].map((key) => next.get(key))).toEqual([65_536, 8_192, 4_096]);
  });

  it("are whole for a launch that reads them while another keeps its own", () => {
    const first = windowMemory(cache());
    first.set("a", 32_768);
    first.save();
    const reading = openSync(join(cache(), "windows.json"), "r");
    const second = windowMemory(cache());
    second.set("b", 8_192);
    second.save();
    expect(JSON.parse(readFileSync(reading, "utf8"))).toEqual({ a: 32_768 });
    closeSync(reading);
    expect(readdirSync(cache())).toEqual(["windows.json"]);
  });

  it("are not kept without end", () => {
    for (let launch = 0; launch < 3; launch++) {
      const memory = windowMemory(cache());
      for (let port = 0; port < 300; port++) memory.set(`gguf/m http://127.0.0.1:${launch}${port}`, 4_096);
      memory.save();
    }
    expect(Object.keys(JSON.parse(readFileSync(join(cache(), "windows.json"), "utf8")))).toHaveLength(500);
  });
});
