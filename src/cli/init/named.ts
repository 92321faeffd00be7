import { providerDraft } from "../../config/adopt/adopted.ts";
import { type Configuration, configuredProviders, nameFor, type ProviderDraft, providerOrigins } from "../../config/index.ts";
import { type Found, rootOf } from "../../discover/index.ts";
import { rows } from "../../providers/index.ts";
import { originOf } from "../provider-at.ts";

/** The name of a provider in the file, and what has to be written of it. */
export interface Named {
  readonly id: string;
  readonly draft: ProviderDraft;
}

/** A server that was found, as the configuration can name it. */
export function nameServer({ provider }: Pick<Found, "provider">, configuration: Configuration, wanted?: string): Named {
  const origin = originOf(provider);
  // It may stand below a path, behind an ingress.
  const base = rootOf(provider) ?? origin;
  const chat = provider.speaks.chat?.baseUrl ?? base;
  const plainServer = Object.keys(provider.row.speaks).length === 0;
  if (wanted !== undefined && !Object.hasOwn(rows, wanted)) {
    return { id: wanted, draft: plainServer ? { speaks: { chat: { baseUrl: chat } } } : { extends: provider.row.id, baseUrl: base } };
  }
  if (wanted !== undefined) return nameAddress(wanted, base);
  const { id } = provider;
  const now = providerOrigins(configuration, id);
  const isThere = !now.error && now.origins.includes(origin);
  if (plainServer) {
    const draft: ProviderDraft = { speaks: { chat: { baseUrl: chat } } };
    // What only the project's file says is said again: one's own file counts where that does not.
    const elsewhere = configuration.merged.layers.some(
      ({ name, settings }) => name !== "project" && settings.providers?.[id] !== undefined,
    );
    return isThere ? { id, draft: elsewhere ? {} : draft } : { id: nameFor(chat), draft };
  }
  const written = configuration.merged.settings.providers?.[id]?.baseUrl?.replace(/\/+$/, "").replace(/\/v1$/, "");
  if (written === base || (base === origin && isThere)) return { id, draft: {} };
  // The name is taken by a server elsewhere.
  if (configuredProviders(configuration).includes(id)) {
    return { id: `${id}-${new URL(origin).port || "here"}`, draft: { extends: provider.row.id, baseUrl: base } };
  }
  return { id, draft: providerDraft(id, base, "chat", rows) };
}

/** A provider at an address that somebody names. It is written even where the row says the same: a file may say another. */
export function nameAddress(id: string, address: string): Named {
  return { id, draft: Object.hasOwn(rows, id) ? { baseUrl: address } : { speaks: { chat: { baseUrl: address } } } };
}
