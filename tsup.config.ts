import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Plugin } from "esbuild";
import { defineConfig } from "tsup";
import { runnable } from "./bin/compiled.ts";

/**
 * What packages would load for uses that fcc makes none of, and what stands in its place; a launch is the sooner. cosmiconfig: running and
 * reading configuration, which fcc's own loaders do. undici: HTTP/2, which is not offered, and bodies of forms; its assertions load Node's
 * only where one fails. execa: this process's own streams as objects, which a client gets by their numbers; signs for its log of what it
 * runs; signals by their numbers, since it looks for descriptions by name; `node:process`, of which a copy would be made in each of its files.
 */
const instead: readonly (readonly [path: RegExp, contents: string, importer?: RegExp])[] = [
  [/^(?:typescript|js-yaml|parse-json|import-fresh)$|\/client-h2\.js$|\/web\/fetch\/body\.js$/, "module.exports = undefined;"],
  [/^node:assert$/, 'module.exports = (holds, message) => { if (!holds) process.getBuiltinModule("node:assert").fail(message); };'],
  [
    /\/standard-stream\.js$/,
    `export const STANDARD_STREAMS_ALIASES = ["stdin", "stdout", "stderr"];
    export const STANDARD_STREAMS = [];
    export const isStandardStream = () => false;
    export const getStreamName = (fdNumber) => STANDARD_STREAMS_ALIASES[fdNumber] ?? \`stdio[\${fdNumber}]\`;`,
  ],
  [/^figures$/, 'export default { tick: "√", cross: "×", warning: "‼" };'],
  [
    /^human-signals$/,
    `import { SIGNALS } from "./node_modules/human-signals/build/src/core.js";
    export const signalsByName = Object.fromEntries(SIGNALS.map((signal) => [signal.name, signal]));`,
  ],
  [
    /^node:process$/,
    "const { process } = globalThis; export default process; export const { execArgv, execPath, hrtime, platform } = process;",
    /\/node_modules\/(?:execa|npm-run-path|unicorn-magic)\//,
  ],
];
export const unused: Plugin = {
  name: "unused",
  setup(build) {
    for (const [index, [filter, contents, from = /^/]] of instead.entries()) {
      const namespace = `unused-${index}`;
      build.onResolve({ filter }, ({ path, importer }) => (from.test(importer) ? { path, namespace } : undefined));
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents, resolveDir: import.meta.dirname }));
    }
  },
};

/**
 * Four scripts: what answers `--version` and `--help`; the proxy, and what sends its requests, for neither of which a client waits; and all
 * the rest, whose modules run when they are first asked for. CommonJS, since Node starts it a fourth sooner than an ES module, and since
 * only then V8's compiled form of it can be kept on Node 20 (`bin/compiled.ts`).
 */
export const entries = {
  fcc: "bin/fcc.ts",
  commands: "src/cli/commands-by-name.ts",
  proxy: "src/cli/proxy.ts",
  sender: "src/reach/sender.ts",
};
const compiled = ["commands.js", "proxy.js", "sender.js"];
export const apart: Plugin = {
  name: "apart",
  setup(build) {
    // `require`, which is the compiled script's own.
    build.initialOptions.supported = { ...build.initialOptions.supported, "dynamic-import": false };
    build.onResolve({ filter: /\/(?:proxy|sender)\.ts$/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path: `./${basename(path, ".ts")}.js`, external: true } : undefined,
    );
  },
};
export const define = { "import.meta.dirname": "__dirname" };

/** Makes scripts of a folder what `bin/compiled.ts` reads: one byte a character, and a name for the exact content of all before each. */
export function finish(folder: string): void {
  const scripts = compiled.map((name) => {
    const file = join(folder, name);
    // Characters of other alphabets are left as they are in regular expressions alone.
    const text = readFileSync(file, "utf8").replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    return { file, text };
  });
  const build = createHash("sha256");
  for (const { text } of scripts) build.update(text);
  const name = build.digest("hex");
  for (const { file, text } of scripts) writeFileSync(file, runnable(text, name));
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
  esbuildPlugins: [unused, apart],
  define,
  // The line of an error that nobody caught is printed.
  esbuildOptions(options) {
    options.lineLimit = 160;
  },
  async onSuccess() {
    finish("dist");
  },
});
