import { isSecretVariable } from "../../config/secrets/secret-variable.ts";
import { shellWord, shellWords } from "../../config/shell-words.ts";
import { tiers } from "../../model/tiers.ts";
import { allTargets } from "../../route/plan.ts";
import { targetName } from "../../route/target.ts";
import { printable } from "../../wire/failure/printable.ts";
import { addressOf } from "./lines.ts";
import type { LaunchPlan } from "./plan.ts";

/** Characters of a secret that is no other word's part by chance: a header's value may be one letter, and a local server's key "ollama". */
const telling = 8;

/** What would be launched, for people and for scripts that grep. */
export function dryRunText({ program, profile, models, secrets, backends, prepare }: LaunchPlan): string {
  const folder = "<private folder>";
  const { args, env, files } = prepare({ proxy: { url: "http://127.0.0.1:<port>", token: "<token>" }, folder });
  const isSecret = (value: string) =>
    secrets.some((secret) => secret !== "" && (value === secret || (secret.length >= telling && value.includes(secret))));
  const word = (value: string) => (isSecret(value) ? "***" : shellWord(value));
  const mask = (name: string, value: string) => (isSecretVariable(name, value) ? "***" : word(value));
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${printable(line)}`), ""];
  const routes = [
    { role: "main", model: models.main, targets: profile.main },
    ...tiers.map((tier) => ({ role: tier, model: models.tiers[tier], targets: profile.tiers[tier] })),
    ...(models.subagent && profile.subagent ? [{ role: "subagent", model: models.subagent, targets: profile.subagent }] : []),
  ];
  const led = [...new Map(allTargets(profile).map(({ provider }) => [provider.id, provider.via]))].flatMap(([id, via]) => {
    const words = via?.command.map(word);
    return words === undefined ? [] : [`${words.join(" ")}  (leads to ${id}, from ${via?.source})`];
  });
  const entries = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...section("command", [program.path]),
    ...section("arguments", [...program.before, ...args].map(word)),
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
          .map((line) => (isSecret(line) ? "***" : withoutVariables(line)))
          .map((line) => `  ${line.length > 200 ? `${line.slice(0, 200)} ...` : line}`),
      ]),
    ),
    ...section("started before it", [...backends.planned.map(shellWords), ...led]),
    ...section(
      "routes",
      routes.map(
        ({ role, model, targets }) =>
          `${role.padEnd(8)}  ${model.wireId} -> ${targets.map((target) => `${targetName(target)} (${addressOf(target)})`).join(", then ")}`,
      ),
    ),
  ].join("\n");
}

/** The user's own settings are merged into a client's file, and hold variables of their own. */
function withoutVariables(line: string): string {
  return line.replace(/"([A-Z][A-Z0-9_]*)": "((?:[^"\\]|\\.)*)"/g, (all: string, name: string, value: string) =>
    isSecretVariable(name, value) ? `"${name}": "***"` : all,
  );
}
