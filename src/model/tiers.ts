/** The names by which Claude Code asks for a class of model; a profile may give each its own targets. */
export const tiers = ["opus", "sonnet", "haiku", "fable"] as const;
export type Tier = (typeof tiers)[number];
