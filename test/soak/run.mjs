// Eight sessions of clients of all wires on servers of all wires for a long time, with faults: no illegal stream, nothing left open, no
// memory that grows. Linux.
//   npm run soak                   an hour
//   npm run soak -- minutes=10     so long
//   npm run soak -- memory         what is held after 10,000 requests and after a gigabyte; what large things cost
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleModules } from "../support/bundle.mjs";

const root = resolve(import.meta.dirname, "../..");
const minutes = process.argv.find((argument) => argument.startsWith("minutes="))?.slice("minutes=".length) ?? "60";
const mode = process.argv.includes("memory") ? "memory" : "soak";
const folder = mkdtempSync(join(tmpdir(), "fcc-soak-"));
try {
  await bundleModules({ soak: join(root, "test/soak/soak.ts"), host: join(root, "test/soak/host.ts") }, folder);
  const { status } = spawnSync(process.execPath, [join(folder, "soak.mjs"), root, join(folder, "host.mjs"), minutes, mode], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
