export interface DiscoverOptions {
  readonly signal?: AbortSignal;
  /** The key to ask with. Default: the provider's first; null: without one. */
  readonly key?: string | null;
  /** The models that more is to be known of, where knowing costs a request each. */
  readonly models?: readonly string[];
  /** Milliseconds for each answer. */
  readonly patience?: number;
}
