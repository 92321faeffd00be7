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

export default defineConfig({
  entry: { fcc: "bin/fcc.ts" },
  format: "esm",
  target: "node20",
  platform: "node",
  outDir: "dist",
  clean: true,
  splitting: true,
  minify: true,
  metafile: true,
  // Everything is bundled, so that installing fcc installs one package; `dependencies` is empty and tsup would otherwise leave
  // nothing out.
  noExternal: [/.*/],
  esbuildPlugins: [unused],
  // CommonJS packages inside an ESM bundle call `require` for Node's own modules.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
});
