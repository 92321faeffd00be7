/** The names by which Claude Code asks for a class of model; a profile may give each its own targets. */
export const tiers = ["opus", "sonnet", "haiku", "fable"] as const;
export type Tier = (typeof tiers)[number];

/** One thing for each tier. */
export function perTier<Value>(make: (tier: Tier) => Value): Readonly<Record<Tier, Value>> {
  return { opus: make("opus"), sonnet: make("sonnet"), haiku: make("haiku"), fable: make("fable") };
}
