import { defineConfig } from "tsup";

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
  // nothing out. TypeScript is what cosmiconfig would load to run `.ts` configuration, which fcc never does.
  noExternal: [/.*/],
  external: ["typescript"],
  // CommonJS packages inside an ESM bundle call `require` for Node's own modules.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
});
