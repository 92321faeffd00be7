import { settingsOf } from "../files/layers.ts";
import { own, pathName } from "../files/tree.ts";
import { type AssembledProvider, assembleProvider, type ProviderFault, placesOf, type SettledLayer } from "../resolve/assemble-provider.ts";
import { configuredIds, providerId, type Rows } from "../resolve/known-providers.ts";
import type { ProviderSettings } from "../schema/provider.ts";
import type { Settings } from "../schema/schema.ts";
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
  const providers = Object.entries(file.settings.providers ?? {}).map(([id, settings]) =>
    reviewProvider(id, settings, assembleProvider(id, layers, rows), rows),
  );
  const served = new Set(servedFiles(file, layers, rows));
  const settings = settingsOf(file.tree).map(({ path, value }) => `${pathName(path)} = ${shortForm(path, value)}`);
  return {
    secrets: clean(providers.flatMap(({ secrets }) => secrets)),
    commands: clean([...providers.flatMap(({ commands }) => commands), ...[...served].map((path) => `llama-server on the file ${path}`)]),
    addresses: clean(providers.flatMap(({ addresses }) => addresses)),
    clients: clean(clientLines(file.settings.clients)),
    settings: clean([...settings, ...files]),
  };
}

/** What the file's settings of one provider would do. `assembled`: where it is by all layers. */
function reviewProvider(
  id: string,
  { key = [], headers = {}, via, tls = {}, baseUrl, speaks, extends: kind }: ProviderSettings,
  assembled: AssembledProvider | ProviderFault,
  rows: Rows,
): Pick<Review, "secrets" | "commands" | "addresses"> {
  const isKnown = !("fault" in assembled);
  const hosts = isKnown ? placesOf(assembled).join(", ") : "an address that is not known yet";
  const sources: readonly (readonly [source: KeySource | HeaderSource, use: string])[] = [
    ...key.map((source) => [source, "a key"] as const),
    ...Object.entries(headers).map(([name, source]) => [source, `the header ${name}`] as const),
  ];
  const inherited = isKnown && assembled.key.from === "row" && kind !== undefined ? own(rows, kind)?.key?.env[0] : undefined;
  const sent = (name: string) => `${name} would be sent to ${hosts} (provider ${id})`;
  const taken = (who: string) => `whoever ${who} would be taken for ${hosts} (provider ${id})`;
  const leads = [baseUrl, speaks, kind, via?.command].some((setting) => setting !== undefined);
  return {
    secrets: [
      ...sources.flatMap(([source]) => secretName(source) ?? []).map(sent),
      ...[tls.cert, tls.key]
        .flatMap((path) => path ?? [])
        .map((path) => `the file ${path} would be used to sign in at ${hosts} (provider ${id})`),
      ...(inherited === undefined ? [] : [sent(`the variable ${inherited}`)]),
    ],
    commands: [
      ...sources.flatMap(([{ command }, use]) => (command === undefined ? [] : [`${shellWords(command)} (${use} of provider ${id})`])),
      ...(via?.command === undefined ? [] : [`${shellWords(via.command)} (the way to provider ${id}, for as long as a session)`]),
    ],
    addresses: [
      ...(leads ? [`requests to ${id} would go to ${hosts}`] : []),
      ...(tls.ca === undefined ? [] : [taken(`has a certificate by ${tls.ca}`)]),
      ...(tls.serverName === undefined ? [] : [taken(`is ${tls.serverName}`)]),
    ],
  };
}

function clientLines(clients: Settings["clients"] = {}): readonly string[] {
  return Object.entries(clients).flatMap(([name, client]) => [
    ...(client?.args?.length ? [`${name} would be started with ${shellWords(client.args)}`] : []),
    ...Object.entries(client?.env ?? {}).map(([variable, value]) => `${name} would be started with ${variable}=${value}`),
    ...(client?.keepKeys ? [`${name} would keep the variables that hold provider keys`] : []),
  ]);
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
