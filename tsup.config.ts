import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { defineConfig } from "tsup";

/**
 * What packages would load for uses that fcc makes none of; nothing stands in its place, and a launch is the sooner. cosmiconfig: running
 * and reading configuration, which fcc's own loaders do. undici: HTTP/2, which is not offered, and bodies of forms.
 */
export const unused: Plugin = {
  name: "unused",
  setup(build) {
    const filter = /^(?:typescript|js-yaml|parse-json|import-fresh)$|\/client-h2\.js$|\/web\/fetch\/body\.js$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: "unused" }));
    build.onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = undefined;" }));
  },
};

/**
 * Two scripts: what answers `--version` and `--help`, and all the rest, whose modules run when they are first asked for. CommonJS, since
 * Node starts it a fourth sooner than an ES module, and since only then V8's compiled form of it can be kept on Node 20 (`bin/compiled.ts`).
 */
export const entries = { fcc: "bin/fcc.ts", commands: "src/cli/commands-by-name.ts" };
export const define = { "import.meta.dirname": "__dirname" };

/** Makes the two scripts of a folder what `bin/compiled.ts` reads: one byte a character, and a name for its exact content before it. */
export function finish(folder: string): void {
  const file = join(folder, "commands.js");
  // Characters of other alphabets are left as they are in regular expressions alone.
  const text = readFileSync(file, "utf8").replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  writeFileSync(file, `//${createHash("sha256").update(text).digest("hex")}\n${text}`);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}

export default defineConfig({
  entry: entries,
  format: "cjs",
  outExtension: () => ({ js: ".js" }),
  target: "node20",
  platform: "node",
  outDir: "dist",
  clean: true,
  splitting: false,
  minify: true,
  metafile: true,
  // Everything is bundled, so that installing fcc installs one package; `dependencies` is empty and tsup would otherwise leave
  // nothing out.
  noExternal: [/.*/],
  esbuildPlugins: [unused],
  define,
  // The line of an error that nobody caught is printed.
  esbuildOptions(options) {
    options.lineLimit = 160;
  },
  async onSuccess() {
    finish("dist");
  },
});
