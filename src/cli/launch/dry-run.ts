import { isSecretVariable } from "../../config/secrets/secret-variable.ts";
import { shellWord } from "../../config/shell-words.ts";
import { tiers } from "../../model/tiers.ts";
import { known } from "../../route/plan.ts";
import { targetName } from "../../route/target.ts";
import { addressOf } from "./lines.ts";
import type { LaunchPlan } from "./plan.ts";

/** What would be launched, for people and for scripts that grep. */
export function dryRunText({ program, profile, models, secrets, ways, prepare }: LaunchPlan): string {
  const folder = "<private folder>";
  const { args, env, files } = prepare({ proxy: { url: "http://127.0.0.1:<port>", token: "<token>" }, folder });
  const isSecret = (value: string) => secrets.some((secret) => secret !== "" && value.includes(secret));
  const mask = (name: string, value: string) => (isSecret(value) || isSecretVariable(name, value) ? "***" : shellWord(value));
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
    ...section("command", [program.path]),
    ...section("arguments", [...program.before, ...args].map(shellWord)),
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
    ...section("started before it", [...ways.planned.map((line) => line.map(shellWord).join(" ")), ...led]),
    ...section(
      "routes",
      routes.map(
        ({ role, model, targets }) =>
          `${role.padEnd(8)}  ${model.wireId} -> ${targets.map((target) => `${targetName(target)} (${addressOf(target)})`).join(", then ")}`,
      ),
    ),
  ].join("\n");
}
