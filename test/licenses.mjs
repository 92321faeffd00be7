// Writes THIRD-PARTY-LICENSES: the license text of every package whose code stands in the bundle, read from the bundler's own list.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const metafile = join(root, "dist/metafile-cjs.json");
const inputs = Object.keys(JSON.parse(readFileSync(metafile, "utf8")).inputs);
const packages = new Set(
  inputs.map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter((folder) => folder !== undefined),
);

const sections = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `Licensed under ${license}.` : readFileSync(join(root, folder, file), "utf8").trim();
  return `${name} ${version}\n\n${text}\n`;
});
if (sections.length === 0 || !existsSync(metafile)) throw new Error("the bundle's list of inputs is empty");
writeFileSync(join(root, "THIRD-PARTY-LICENSES"), sections.join(`\n${"-".repeat(78)}\n\n`));
rmSync(metafile);
