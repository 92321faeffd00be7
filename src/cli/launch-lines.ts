import type { Start } from "../clients/client.ts";
import { tokens } from "../clients/tokens.ts";
import { shellWord } from "../config/shell-words.ts";
import { tiers } from "../model/tiers.ts";
import { known } from "../route/plan.ts";
import { nameOf, type Profile, type Target, targetName } from "../route/target.ts";
import { beginsOn } from "./launch-checks.ts";
import type { Windows } from "./launch-windows.ts";

/** `claude on ollama/qwen3:8b (64k context, http://gpu-box.lan:11434), haiku llama3.2:3b  [profile local-ollama]` */
export function beforeLine(client: string, profile: Profile, windows: Windows): string {
  const main = beginsOn(profile.main, windows);
  const window = windows.of(main).context;
  const { via } = main.provider;
  const by = via === undefined ? "" : ` by ${via.command[0]}`;
  const details = [window === undefined ? "context not known" : `${tokens(window)} context`, addressOf(main) + by].join(", ");
  const others = [...tiers.map((tier) => [tier, profile.tiers[tier]] as const), ["subagent", profile.subagent] as const].flatMap(
    ([role, targets]) => {
      const target = targets && beginsOn(targets, windows);
      return target === undefined || targetName(target) === targetName(main) ? [] : [`${role} ${shortName(target, main)}`];
    },
  );
  return `${client} on ${[`${targetName(main)} (${details})`, ...others].join(", ")}  [profile ${profile.name}]`;
}

/** What a server said too late for the client to be told, where that leaves the client little room. `started` is the window that it was told. */
export function lateWindowLine(target: Target, started: number | undefined, needed: number, windows: Windows): string | undefined {
  const { context, source } = windows.of(target);
  if (context === undefined || context === started || context >= needed) return undefined;
  return `${targetName(target)} has a window of ${tokens(context)} tokens (${source}), which its server said only after the start: the next launch begins with it.`;
}

/** The origin that requests go to. */
export function addressOf({ provider }: Target): string {
  if (provider.row.servesFiles) return "a server of this launch";
  const { chat, messages, responses } = provider.speaks;
  const address = (messages ?? chat ?? responses)?.baseUrl;
  if (address === undefined) return provider.id;
  const { origin, port } = new URL(address);
  // The stand-in's port is opened by the launch.
  return port === "0" ? "inside fcc" : origin;
}

function shortName(target: Target, main: Target): string {
  return target.provider.id === main.provider.id ? nameOf(target) : targetName(target);
}

export interface DryRun {
  readonly command: string;
  readonly args: readonly string[];
  /** What is set over the user's environment, or taken away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly folder: string;
  readonly secrets: readonly string[];
  readonly profile: Profile;
  readonly models: Start["models"];
  /** Servers that would be started on model files. */
  readonly planned: readonly (readonly string[])[];
}

/** What would be launched, for people and for scripts that grep. */
export function dryRunText({ command, args, env, files, folder, secrets, profile, models, planned }: DryRun): string {
  const isSecret = (value: string) => secrets.some((secret) => secret !== "" && value.includes(secret));
  const mask = (name: string, value: string) =>
    isSecret(value) || (/key|token|secret|password|credential/i.test(name) && !/TOKENS$/.test(name)) ? "***" : shellWord(value);
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""]);
  const routes = [
    { role: "main", model: models.main, targets: profile.main },
    ...tiers.map((tier) => ({ role: tier, model: models.tiers[tier], targets: profile.tiers[tier] })),
    ...(models.subagent && profile.subagent ? [{ role: "subagent", model: models.subagent, targets: profile.subagent }] : []),
  ];
  const led = [...new Map(known(profile).map(({ provider }) => [provider.id, provider.via]))].flatMap(([id, via]) => {
    const words = via?.command.map((word) => (isSecret(word) ? "***" : shellWord(word)));
    return words === undefined ? [] : [`${words.join(" ")}  (leads to ${id}, from ${via?.source})`];
  });
  const entries = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...section("command", [command]),
    ...section("arguments", args.map(shellWord)),
    ...section("environment", [
      ...entries.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${mask(name, value)}`])),
      ...entries.flatMap(([name, value]) => (value === undefined ? [`${name} is taken away`] : [])),
    ]),
    ...section(
      "files",
      files.flatMap(({ name, content }) => [
        `${folder}/${name}`,
        ...content
          .trimEnd()
          .split("\n")
          .map((line) => `  ${line.length > 200 ? `${line.slice(0, 200)} ...` : line}`),
      ]),
    ),
    ...section("started before it", [...planned.map((line) => line.map(shellWord).join(" ")), ...led]),
    ...section(
      "routes",
      routes.map(
        ({ role, model, targets }) =>
          `${role.padEnd(8)}  ${model.wireId} -> ${targets.map((target) => `${targetName(target)} (${addressOf(target)})`).join(", then ")}`,
      ),
    ),
  ].join("\n");
}
