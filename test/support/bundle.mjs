import { build } from "esbuild";

/** Bundles programs of the tests' own, which Node 20 cannot run as they are written, into ES modules of their names in a folder. */
export async function bundleModules(entryPoints, outdir, more = {}) {
  await build({
    entryPoints,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["typescript"],
    logLevel: "error",
    // Packages in CommonJS ask for Node's own modules by `require`, which an ES module has none of.
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
    ...more,
  });
}
