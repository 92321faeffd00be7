/** How a server is asked. */
export interface AskOptions {
  readonly signal?: AbortSignal;
  /** The key to ask with. Default: the provider's first; null: without one. */
  readonly key?: string | null;
  /** Milliseconds for the whole answer. */
  readonly patience?: number;
}

export interface DiscoverOptions extends AskOptions {
  /** The models that more is to be known of, where knowing costs a request each. */
  readonly models?: readonly string[];
}
