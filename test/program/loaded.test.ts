import { resolve } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { define, entries, unused } from "../../tsup.config.ts";

interface Output {
  readonly entryPoint?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

/**
 * What runs before the first line of a module: its own chunk and all that are imported statically, as a bundle in chunks tells them. The
 * published one has them in one script, where the same modules run at the same moments.
 */
const loaded = new Map<string, readonly string[]>();

beforeAll(async () => {
  const { metafile } = await build({
    entryPoints: Object.values(entries),
    absWorkingDir: resolve(import.meta.dirname, "../.."),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outdir: "unwritten",
    write: false,
    metafile: true,
    logLevel: "silent",
    plugins: [unused],
    define,
  });
  const outputs: Readonly<Record<string, Output>> = metafile.outputs;
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint === undefined) continue;
    const seen = new Set<string>();
    const follow = (one: string): void => {
      if (seen.has(one)) return;
      seen.add(one);
      for (const { path: next, kind } of outputs[one]?.imports ?? []) if (kind === "import-statement" && outputs[next]) follow(next);
    };
    follow(path);
    loaded.set(
      entryPoint,
      [...seen].flatMap((one) => Object.keys(outputs[one]?.inputs ?? {})),
    );
  }
});

const filesOf = (module: string) => [...(loaded.get(module) ?? [])].sort();
const packagesOf = (module: string) =>
  [...new Set((loaded.get(module) ?? []).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]))]
    .filter((name) => name !== undefined)
    .sort();
const roomsOf = (module: string) =>
  [...new Set((loaded.get(module) ?? []).map((path) => /^src\/([^/]+)/.exec(path)?.[1]))].filter((room) => room !== undefined).sort();

describe("what is loaded", () => {
  it("for --version and --help is next to nothing", () => {
    expect(packagesOf("bin/fcc.ts")).toEqual([]);
    // The clients' records are what the command line and its help are read from.
    expect(filesOf("bin/fcc.ts").filter((path) => !path.startsWith("src/clients/"))).toEqual([
      "bin/fcc.ts",
      "bin/settings.ts",
      "package.json",
      "src/cli/commands.ts",
      "src/cli/help.ts",
      "src/cli/main.ts",
      "src/cli/print.ts",
      "src/cli/split.ts",
      "src/cli/system-refusal.ts",
      "src/cli/write-out.ts",
      "src/cli/written-option.ts",
      "src/config/errors.ts",
      "src/config/files/paths.ts",
      "src/model/json.ts",
      "src/model/tiers.ts",
      "src/model/without-stacks.ts",
      "src/route/nearest.ts",
      "src/system/heap.ts",
      "src/wire/failure/printable.ts",
    ]);
    expect(filesOf("src/cli/commands-by-name.ts")).toEqual(["src/cli/abandoned.ts", "src/cli/commands-by-name.ts"]);
  });

  it("before a client starts is what reads configuration and starts programs", () => {
    expect(packagesOf("src/cli/launch/command.ts")).toEqual([
      "@sec-ant/readable-stream",
      "@sindresorhus/merge-streams",
      "cross-spawn",
      "execa",
      "get-stream",
      "human-signals",
      "ipaddr.js",
      "is-plain-obj",
      "is-stream",
      "isexe",
      "kleur",
      "npm-run-path",
      "parse-ms",
      "path-key",
      "pretty-ms",
      "shebang-command",
      "shebang-regex",
      "signal-exit",
      "strip-final-newline",
      "unicorn-magic",
      "which",
      "yaml",
      "yoctocolors",
      "zod",
    ]);
  });

  it("before a client starts has nothing of what answers it", () => {
    const modules = loaded.get("src/cli/launch/command.ts") ?? [];
    expect(modules.filter((path) => path.startsWith("src/proxy/")).sort()).toEqual([
      "src/proxy/incoming/port.ts",
      "src/proxy/incoming/unreadable.ts",
    ]);
    expect(modules.filter((path) => /^src\/wire\/(?:messages|chat|responses)\//.test(path))).toEqual([]);
    // A provider that need not be asked is not: what asks comes with the first question, what sends with the first request.
    expect(modules.filter((path) => /^src\/discover\//.test(path)).sort()).toEqual([
      "src/discover/address.ts",
      "src/discover/full-name.ts",
      "src/discover/window.ts",
    ]);
    expect(modules.filter((path) => /^src\/reach\//.test(path)).sort()).toEqual([
      "src/reach/boundary.ts",
      "src/reach/http-proxy.ts",
      "src/reach/loopback.ts",
      "src/reach/outside.ts",
      "src/reach/reach.ts",
    ]);
    expect(modules.filter((path) => /\/(?:undici|cosmiconfig|commander|@clack)\//.test(path))).toEqual([]);
    expect(roomsOf("src/cli/launch/command.ts")).not.toContain("mend");
  });

  it("for the proxy has no provider's row: the profile brings those that it names", () => {
    expect(filesOf("src/cli/proxy.ts")).toContain("src/providers/quirks-of.ts");
    expect(filesOf("src/cli/proxy.ts")).not.toContain("src/providers/ollama.ts");
  });

  it("for a question to a server of the user's own is neither undici nor all that providers' errors are known by", () => {
    const modules = [...filesOf("src/discover/discover.ts"), ...filesOf("src/reach/question.ts")];
    expect(modules).toEqual(expect.arrayContaining(["src/discover/ask.ts", "src/reach/question.ts", "src/reach/tcp.ts"]));
    expect(modules.filter((path) => path.startsWith("node_modules/undici/") || path.startsWith("src/wire/"))).toEqual([]);
  });

  it("for a provider's first request is undici without fetch, WebSocket and HTTP/2", () => {
    const modules = (loaded.get("src/reach/sender.ts") ?? []).filter((path) => path.startsWith("node_modules/undici/"));
    expect(modules).toContain("node_modules/undici/lib/dispatcher/agent.js");
    expect(modules.filter((path) => /\/lib\/(?:web|mock|cache|interceptor)\/|client-h2|\/index\.js$/.test(path))).toEqual([]);
  });
});
