import { settingsOf } from "../files/layers.ts";
import { own, pathName } from "../files/tree.ts";
import { assembleProvider, placesOf, type SettledLayer } from "../resolve/assemble-provider.ts";
import { configuredIds, providerId, type Rows } from "../resolve/known-providers.ts";
import type { HeaderSource, KeySource } from "../schema/secret-sources.ts";
import { shellWords } from "../shell-words.ts";
import { shortForm } from "../short-form.ts";
import { targetKeys, targetParts } from "../targets.ts";

/** What a file would do, in the order in which a person should read it. Each line stands for itself and is free of terminal escapes. */
export interface Review {
  /** Which secret would go to which host. */
  readonly secrets: readonly string[];
  /** What would be run. */
  readonly commands: readonly string[];
  /** Where prompts and code would go. */
  readonly addresses: readonly string[];
  /** What the agent would be started with. */
  readonly clients: readonly string[];
  /** Every setting of the file, `key = value`, and what is in the files beside it that it names, for the difference to an earlier one. */
  readonly settings: readonly string[];
}

/** What the last of the layers would do over the others. */
export function reviewLayer(layers: readonly SettledLayer[], rows: Rows, files: readonly string[]): Review {
  const file = layers.at(-1) as SettledLayer;
  const secrets: string[] = [];
  const commands: string[] = [];
  const addresses: string[] = [];
  for (const [id, settings] of Object.entries(file.settings.providers ?? {})) {
    const assembled = assembleProvider(id, layers, rows);
    const hosts = "fault" in assembled ? "an address that is not known yet" : placesOf(assembled).join(", ");
    const sources: readonly (readonly [KeySource | HeaderSource, string])[] = [
      ...(settings.key ?? []).map((source) => [source, "a key"] as const),
      ...Object.entries(settings.headers ?? {}).map(([name, source]) => [source, `the header ${name}`] as const),
    ];
    for (const [source, use] of sources) {
      const name = secretName(source);
      if (name !== undefined) secrets.push(`${name} would be sent to ${hosts} (provider ${id})`);
      if (source.command !== undefined) commands.push(`${shellWords(source.command)} (${use} of provider ${id})`);
    }
    if (settings.via?.command !== undefined)
      commands.push(`${shellWords(settings.via.command)} (the way to provider ${id}, for as long as a session)`);
    for (const part of ["cert", "key"] as const) {
      const path = settings.tls?.[part];
      if (path !== undefined) secrets.push(`the file ${path} would be used to sign in at ${hosts} (provider ${id})`);
    }
    const inherits =
      !("fault" in assembled) && assembled.key.from === "row" && settings.extends !== undefined
        ? own(rows, settings.extends)?.key?.env[0]
        : undefined;
    if (inherits !== undefined) secrets.push(`the variable ${inherits} would be sent to ${hosts} (provider ${id})`);
    if (settings.baseUrl !== undefined || settings.speaks !== undefined || settings.extends !== undefined || settings.via?.command) {
      addresses.push(`requests to ${id} would go to ${hosts}`);
    }
    const { ca, serverName } = settings.tls ?? {};
    if (ca !== undefined) addresses.push(`whoever has a certificate by ${ca} would be taken for ${hosts} (provider ${id})`);
    if (serverName !== undefined) addresses.push(`whoever is ${serverName} would be taken for ${hosts} (provider ${id})`);
  }
  commands.push(...new Set(servedFiles(file, layers, rows).map((path) => `llama-server on the file ${path}`)));
  const clients = Object.entries(file.settings.clients ?? {}).flatMap(([name, client]) => [
    ...(client?.args?.length ? [`${name} would be started with ${shellWords(client.args)}`] : []),
    ...Object.entries(client?.env ?? {}).map(([variable, value]) => `${name} would be started with ${variable}=${value}`),
    ...(client?.keepKeys ? [`${name} would keep the variables that hold provider keys`] : []),
  ]);
  const settings = settingsOf(file.tree).map(({ path, value }) => `${pathName(path)} = ${shortForm(path, value)}`);
  return {
    secrets: clean(secrets),
    commands: clean(commands),
    addresses: clean(addresses),
    clients: clean(clients),
    settings: clean([...settings, ...files]),
  };
}

/** The model files that would be served: those of the file's own profiles, and of anybody's profiles on a provider that the file sets. */
function servedFiles(file: SettledLayer, layers: readonly SettledLayer[], rows: Rows): string[] {
  const configured = configuredIds(layers);
  return layers.flatMap((layer) =>
    Object.values(layer.settings.profiles ?? {})
      .flatMap((profile) => targetKeys.flatMap((key) => profile[key] ?? []))
      .map(({ target }) => targetParts(target))
      .filter(({ provider }) => {
        const id = providerId(provider, rows, configured);
        if (id === undefined || (layer !== file && own(file.settings.providers, id) === undefined)) return false;
        const assembled = assembleProvider(id, layers, rows);
        return !("fault" in assembled) && assembled.row.servesFiles === true;
      })
      .map(({ model }) => model),
  );
}

/** What was added and taken away since the file was trusted. */
export function difference(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function secretName(source: KeySource | HeaderSource): string | undefined {
  if (source.env !== undefined) return `the variable ${source.env}`;
  if (source.file !== undefined) return `the file ${source.file}`;
  return source.command === undefined ? undefined : `what ${source.command[0]} prints`;
}

/** Here a person judges a file: what drives a terminal must not act, and what has no shape must not hide. */
const clean = (lines: readonly string[]) =>
  lines.map((line) => line.replace(unseen, (sign) => `\\u${sign.codePointAt(0)?.toString(16).padStart(4, "0")}`));

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
