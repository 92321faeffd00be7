import type { Edit } from "./edit-text.ts";
import { isTree, own, type Tree } from "./tree.ts";

/** What `fcc init` writes: only what was chosen; everything else of a file stays as it is. */
export interface Draft {
  /** The profile that gets the models. */
  readonly profile: string;
  /** It becomes the one that is used when none is named. */
  readonly makeDefault: boolean;
  /** Targets by key of the profile (`model`, `haiku`, ...): alternatives in order. null takes the key away. */
  readonly models: Readonly<Record<string, readonly string[] | null>>;
  readonly providers: Readonly<Record<string, ProviderDraft>>;
}

export interface ProviderDraft {
  readonly extends?: string;
  readonly baseUrl?: string;
  readonly speaks?: Readonly<Record<string, { readonly baseUrl: string }>>;
  readonly key?: { readonly env: string };
  readonly via?: string;
}

const comments: Readonly<Record<string, string>> = {
  model: "the main model, and that of every tier not named",
  opus: "for the hardest work",
  haiku: "the small model, for what the client does beside the conversation",
};

/** The edits that a draft makes. `before` is what the file says now, parsed. */
export function editsOf(draft: Draft, before: Tree): readonly Edit[] {
  const profiles = isTree(before.profiles) ? before.profiles : {};
  const written = own(profiles, draft.profile);
  // `profile: target` and `profile: [targets]` are short for its main model.
  const short = written !== undefined && !isTree(written);
  const profile: Tree = isTree(written) ? written : { model: written };
  return [
    ...(draft.makeDefault ? [{ path: ["profile"], value: draft.profile, comment: "the one that is used when none is named" }] : []),
    ...Object.entries(draft.providers).flatMap(([id, provider]) =>
      Object.entries(provider).map(([key, value]): Edit => ({ path: ["providers", id, key], value })),
    ),
    ...(short ? [{ path: ["profiles", draft.profile], value: {} }] : []),
    ...Object.entries(draft.models).flatMap(([key, targets]): Edit[] => {
      const path = ["profiles", draft.profile, key];
      if (targets === null) return profile[key] === undefined ? [] : [{ path, value: undefined }];
      const value = modelValue(targets, profile[key]);
      return value === profile[key] && !short ? [] : [{ path, value, ...(comments[key] && { comment: comments[key] }) }];
    }),
  ];
}

/** A target that stays keeps what was said of it; alternatives that were written stay behind a new first one. */
function modelValue(targets: readonly string[], written: unknown): unknown {
  const [first] = targets;
  const name = (one: unknown) => (isTree(one) ? one.target : one);
  if (targets.length > 1) return targets;
  if (!Array.isArray(written)) return name(written) === first ? written : first;
  return name(written[0]) === first ? written : [first, ...written.slice(1).filter((one) => name(one) !== first)];
}
