import type { BuildOptions } from "esbuild";

export function bundleModules(entryPoints: Readonly<Record<string, string>>, outdir: string, more?: BuildOptions): Promise<void>;
