export const wireNames = ["chat", "messages", "responses"] as const;
export type WireName = (typeof wireNames)[number];

/**
 * What only one wire can express (tool references, results of a provider's own tools, citations). It is kept as it is for that wire; the
 * others write `text`, or nothing if there is none.
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

/**
 * Fields that only one wire has, of a part that the language has words for. They go on beside what is written of the part on that wire, where its
 * server may know them, and nowhere else.
 */
export interface Own {
  readonly wire: WireName;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Search {
  readonly id: string;
  readonly query: string;
  readonly found: readonly { readonly url: string; readonly title: string }[];
}

/**
 * What a provider attaches to reasoning so that it can verify or decrypt it when it is sent back: a signature, or encrypted content. It is
 * sent back only on its own wire and only to its maker, since no other model can read it.
 */
export interface Seal {
  readonly wire: WireName;
  /** The `provider/model` that made it; absent where a client sent it and its maker is not known. */
  readonly maker?: string;
  readonly value: string;
}
