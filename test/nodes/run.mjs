// Runs the suite under every Node version that fcc supports, and the packed package with no network. The versions come from the
// registry as `node-<platform>-<arch>` packages, kept in the cache folder.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const cache = process.env.FCC_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fcc-test");
const versions = ["20.18.1", "22", "24", "26"];
const totals = { passed: 0, failed: 0, skipped: 0 };
const work = mkdtempSync(join(tmpdir(), "fcc-nodes-"));

/** The path of a Node of this version, or undefined with the reason printed. */
function install(version) {
  const folder = join(cache, "nodes", version);
  const packageName = `node-${process.platform}-${process.arch}`;
  const binary = join(folder, "node_modules", packageName, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}\n');
    const result = spawnSync("npm", ["install", "--no-save", "--ignore-scripts", `${packageName}@${version}`], {
      cwd: folder,
      encoding: "utf8",
    });
    if (result.status !== 0 || !existsSync(binary)) {
      console.log(`skipped: Node ${version}: ${packageName} could not be installed: ${(result.stderr ?? "").trim().split("\n").at(-1)}`);
      totals.skipped += 1;
      return undefined;
    }
  }
  return binary;
}

function runSuite(version, binary) {
  const report = join(work, `${version}.json`);
  const result = spawnSync(binary, [join(root, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json", `--outputFile=${report}`], {
    cwd: root,
    encoding: "utf8",
    // What is drawn by chance has been drawn often enough by the suite's own run; here the version counts.
    env: { FCC_LAW_RUNS: "25", ...process.env },
  });
  if (!existsSync(report)) {
    console.log(`Node ${version}: the suite did not run: ${result.stderr.trim().split("\n").slice(-3).join(" ")}`);
    totals.failed += 1;
    return;
  }
  const counts = JSON.parse(readFileSync(report, "utf8"));
  for (const file of counts.testResults) {
    for (const test of file.assertionResults)
      if (test.status === "failed") console.log(`Node ${version}: failed: ${test.fullName}: ${test.failureMessages[0]?.split("\n")[0]}`);
    if (file.status === "failed" && file.assertionResults.length === 0)
      console.log(`Node ${version}: failed: ${file.name}: ${file.message}`);
  }
  const lost = counts.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  console.log(
    `Node ${version}: ${counts.numPassedTests} passed, ${counts.numFailedTests + lost} failed, ${counts.numPendingTests} skipped`,
  );
  totals.passed += counts.numPassedTests;
  totals.failed += counts.numFailedTests + lost;
  totals.skipped += counts.numPendingTests;
  // An error outside every test fails the run and is in no report.
  if (result.status !== 0 && counts.numFailedTests + lost === 0) {
    console.log(`Node ${version}: failed: the suite ended with status ${result.status}: ${result.stderr.trim().slice(-2000)}`);
    totals.failed += 1;
  }
}

/** Packs, installs the tarball into an empty folder with the registry cut off, and runs it under this Node. */
function runPacked(version, binary, tarball) {
  const folder = mkdtempSync(join(work, "packed-"));
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  const offline = ["install", "--offline", "--no-save", "--ignore-scripts", "--cache", join(folder, "empty-cache"), tarball];
  const installed = spawnSync("npm", offline, { cwd: folder, encoding: "utf8" });
  const program = join(folder, "node_modules/fcc/dist/fcc.js");
  const shown =
    installed.status === 0
      ? spawnSync(binary, [program, "--version"], { encoding: "utf8", env: { PATH: process.env.PATH, HOME: folder } })
      : undefined;
  const fine = shown?.status === 0 && /^\d+\.\d+\.\d+$/.test(shown.stdout.trim());
  console.log(
    `Node ${version}: the packed package ${fine ? "installs offline and runs" : `does not work: ${(shown ?? installed).stderr.trim()}`}`,
  );
  totals[fine ? "passed" : "failed"] += 1;
}

try {
  const packed = spawnSync("npm", ["pack", "--silent", "--pack-destination", work], { cwd: root, encoding: "utf8" });
  const tarball = packed.status === 0 ? join(work, packed.stdout.trim().split("\n").at(-1)) : undefined;
  if (tarball === undefined) {
    console.log(`npm pack failed: ${packed.stderr}`);
    totals.failed += 1;
  }
  for (const version of versions) {
    const binary = install(version);
    if (binary === undefined) continue;
    runSuite(version, binary);
    if (tarball !== undefined) runPacked(version, binary, tarball);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;
