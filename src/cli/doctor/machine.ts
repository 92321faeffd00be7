import type { Client } from "../../clients/client.ts";
import { type Configuration, type FileState, loadConfiguration, resolveProfile } from "../../config/index.ts";
import { bad, type Check, doubt, good, judgeClient, judgeNode, skipped } from "../../doctor/index.ts";
import { capture } from "../../launch/capture.ts";
import type { Program } from "../../launch/find.ts";
import type { Environment } from "../../model/environment.ts";
import { rows } from "../../providers/index.ts";
import { checkBoundary } from "../launch/boundary.ts";
import type { ResolvedProfile } from "../launch/profile-for.ts";
import type { LaunchOptions } from "../split.ts";

const patience = 30_000;

/** What the checks of this machine found out on their way. */
export interface Ready {
  configuration?: Configuration;
  resolved?: ResolvedProfile;
  /** The command line or a file is wrong. */
  wrong?: true;
}

export interface MachineOptions {
  readonly options: LaunchOptions;
  readonly client: Client;
  /** undefined: it is not installed. */
  readonly program: Program | undefined;
  readonly env: Environment;
  /** Filled in as the checks run. */
  readonly ready: Ready;
}

/** What a launch says besides is worth a look. */
const withNotices = (seen: string, notices: readonly string[], todo?: string) =>
  notices.length === 0 ? good(seen) : doubt([seen, ...notices].join("; "), todo);

/** Everything that needs no network but a look round this machine. */
export function machineChecks({ options, client, program, env, ready }: MachineOptions): readonly Check[] {
  let untrusted: readonly string[] | undefined;
  let key: readonly string[] | undefined;
  return [
    { id: "node", title: "Node", after: [], run: async () => judgeNode(process.version) },
    {
      id: "configuration",
      title: "configuration",
      after: [],
      async run() {
        let asked = false;
        const loaded = await loadConfiguration({
          cwd: process.cwd(),
          env,
          rows,
          options,
          decide: () => {
            asked = true;
            return undefined;
          },
        });
        if (loaded.error) {
          const { lines } = loaded.error;
          if (!asked) {
            ready.wrong = true;
            return bad(lines.join("\n"), "`fcc config schema` says what may stand there.");
          }
          untrusted = lines;
          return good("well-formed");
        }
        ready.configuration = loaded;
        const files = (wanted: FileState["state"]) => loaded.files.flatMap(({ state, label }) => (state === wanted ? [label] : []));
        const seen = files("read").join(", ") || "no file; the built-in settings hold";
        const isUnread = files("not read").length > 0;
        return withNotices(seen, loaded.notices, isUnread ? "One file in a folder counts: put into it what shall hold." : undefined);
      },
    },
    {
      id: "trust",
      title: "trust",
      after: ["configuration"],
      async run() {
        if (untrusted !== undefined) return bad(untrusted.slice(0, -1).join("\n"), untrusted.at(-1));
        const project = ready.configuration?.files.find(({ role }) => role === "project");
        return project?.state === "read" ? good(`${project.label} is trusted`) : skipped("no file of a project counts here");
      },
    },
    {
      id: "client",
      title: client.name,
      after: [],
      async run() {
        if (program === undefined) return judgeClient({ client });
        const { path, before } = program;
        const { ok, stdout, stderr, ended } = await capture({ path, args: [...before, "--version"], env, patience });
        return judgeClient({
          client,
          path: [path, ...before].join(" "),
          printed: ok ? stdout.trim() : ((stderr.trim() || ended) ?? ""),
          failed: !ok,
        });
      },
    },
    {
      id: "profile",
      title: "profile",
      after: ["configuration", "trust"],
      async run() {
        if (ready.configuration === undefined) return bad("there is no configuration");
        const resolved = await resolveProfile(ready.configuration);
        const profile = resolved.error ? resolved.incomplete : resolved.nothing ? undefined : resolved.profile;
        const outside = profile && (await checkBoundary(profile, env));
        if (outside) {
          ready.wrong = true;
          return bad(outside.lines[0] ?? "outside the boundary", outside.lines[1]);
        }
        if (resolved.error) {
          const { lines } = resolved.error;
          if (!/^no (?:key|header)/.test(lines[0] ?? "")) {
            ready.wrong = true;
            return bad(lines.join("\n"));
          }
          key = lines;
          return good(`${ready.configuration.choice?.name ?? "the only one"}`);
        }
        if (resolved.nothing) {
          const { findProfile } = await import("../nothing-configured.ts");
          const found = await findProfile(ready.configuration, env);
          if (found.refusal) return bad(found.refusal.lines[0] ?? "nothing is configured", "Start a model server, or `fcc init`.");
          ready.resolved = found.resolved;
          return good(found.line);
        }
        ready.resolved = resolved;
        return withNotices(`${resolved.profile.name} (${resolved.source})`, resolved.notices);
      },
    },
    {
      id: "key",
      title: "key",
      after: ["profile"],
      async run() {
        if (key !== undefined) return bad(key[0] ?? "no key", key.slice(1).join(" ") || undefined);
        const provider = ready.resolved?.profile.main[0].provider;
        if (provider === undefined) return skipped("no provider");
        return provider.keys.length === 0
          ? skipped(`${provider.id} is asked without one`)
          : good(`from ${provider.keySource ?? "the configuration"}`);
      },
    },
  ];
}
