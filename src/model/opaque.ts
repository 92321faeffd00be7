export const wireNames = ["chat", "messages", "responses"] as const;
export type WireName = (typeof wireNames)[number];

/**
 * What only one wire can say (tool references, results of a provider's own tools, citations): kept as it is for that wire; the
 * others say `text`, or nothing where there is none.
 */
export interface Opaque {
  readonly wire: WireName;
  readonly value: unknown;
  readonly text?: string;
  /** It is a web search that the provider ran, which more than one wire has a form for. */
  readonly search?: Search;
  /** It stands for the conversation before it. */
  readonly summary?: true;
}

export interface Search {
  readonly id: string;
  readonly query: string;
  readonly found: readonly { readonly url: string; readonly title: string }[];
}

/**
 * What a provider attaches to reasoning so that it can check or decrypt it when it comes back: signatures, encrypted content.
 * Only the wire named opens it, and it is sent only to the maker, since a seal is bound to the model that made it.
 */
export interface Seal {
  readonly wire: WireName;
  /** `provider/model` that made it; absent where the client brought it and nothing is known. */
  readonly maker?: string;
  readonly value: string;
}
