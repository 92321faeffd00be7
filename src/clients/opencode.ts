import type { Environment } from "../model/environment.ts";
import type { Client, Machine, Start } from "./client.ts";
import { objectIn } from "./json.ts";
import { withoutProxy } from "./no-proxy.ts";
import { opencodeConfiguration } from "./opencode/configuration.ts";
import { opencodeOptions } from "./opencode/options.ts";
import { scanOptions } from "./options.ts";
import type { NativePackage } from "./package.ts";
import { tokenVariable } from "./token-variable.ts";
import { withoutSession } from "./without-session.ts";

/** Read by OpenCode over all files of the user and the project. */
const configuration = "OPENCODE_CONFIG_CONTENT";
const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin", win32: "windows" };

export const opencode: Client<NativePackage> = {
  id: "opencode",
  name: "OpenCode",
  command: "opencode",
  examples: [
    ["fcc opencode", "the profile of this project, or your own"],
    ["fcc opencode run 'explain this'", "one question, without a terminal"],
  ],
  install: {
    from: "npm",
    package: "opencode-ai",
    version: "1.18.33",
    binary({ platform, arch, musl }: Machine) {
      const system = systems[platform];
      if (system === undefined || (arch !== "x64" && arch !== "arm64")) return undefined;
      // Of the two builds for x64 the one that needs no AVX2.
      const build = [system, arch, ...(arch === "x64" ? ["baseline"] : []), ...(musl ? ["musl"] : [])].join("-");
      return `opencode-${build}/bin/opencode${platform === "win32" ? ".exe" : ""}`;
    },
  },
  oldest: "1.1.0",
  folders: [".opencode/bin"],
  options: opencodeOptions,
  fixedPrompt: (args) => (scanOptions(args, opencodeOptions).startsSession ? 9_000 : 0),
  task: (text) => ["run", text],
  prepare(start) {
    const { args, startsSession, operand } = scanOptions([...start.extra.args, ...start.args], opencodeOptions);
    if (!startsSession) return withoutSession(start);
    return { args, env: environment(start), files: [], ...(operand === "run" ? { stdin: "brief" as const } : {}) };
  },
};

function environment(start: Start): Environment {
  const { proxy, env, extra, bounded } = start;
  return {
    [tokenVariable]: proxy.token,
    // A catalogue of models that knows none of ours.
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    // A login may name an organisation's configuration, which would be fetched.
    ...(bounded ? { OPENCODE_DISABLE_LSP_DOWNLOAD: "1", OPENCODE_AUTH_CONTENT: "{}", OTEL_EXPORTER_OTLP_ENDPOINT: undefined } : {}),
    ...withoutProxy(env),
    ...extra.env,
    [configuration]: JSON.stringify(opencodeConfiguration(objectIn(extra.env[configuration] ?? env[configuration]) ?? {}, start)),
  };
}
