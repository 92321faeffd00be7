import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { foldersOf } from "../../../src/config/files/paths.ts";
import { listTrusted, revokeTrust, trust, trustKeyOf } from "../../../src/config/trust/trust.ts";

vi.mock("node:path", async (actual) => ({ ...(await actual<object>()), sep: "\\" }));
// Windows says in which letters a name is written, Node's own way to a real path does not.
vi.mock("node:fs", async (actual) => {
  const native = (path: string) => path.replace(/^c:\\code/i, "C:\\Code");
  return { ...(await actual<object>()), realpathSync: Object.assign((path: string) => path, { native }) };
});

it("is given and taken whichever letters the folder is named by, and to all below it", async () => {
  const home = mkdtempSync(join(tmpdir(), "fcc-trust-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folders = foldersOf({ home, env: {}, platform: "linux" });
  const keyOf = (path: string) => trustKeyOf({ path, label: ".fccrc", text: "profile: a", format: "yaml" }, []);
  const key = keyOf("c:\\code\\p\\.fccrc");
  expect(key).toEqual(keyOf("C:\\Code\\p\\.fccrc"));
  await trust(folders, key, []);
  await trust(folders, keyOf("C:\\Code\\p2\\.fccrc"), []);
  expect(await revokeTrust(folders, "c:\\CODE\\p")).toEqual(["C:\\Code\\p\\.fccrc"]);
  expect(Object.keys(listTrusted(folders))).toEqual(["C:\\Code\\p2\\.fccrc"]);
});
