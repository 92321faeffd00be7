/** What came along with a key that was copied, in words that follow "holds" or "printed"; undefined: nothing. */
export function copiedAlong(key: string): string | undefined {
  return along.find(([pattern]) => pattern.test(key))?.[1];
}

const along: readonly (readonly [pattern: RegExp, what: string])[] = [
  // `docker run --env-file` keeps them, and so does `jq` without -r.
  [/^(["'`]).*\1$/s, "the key in quotes"],
  [/^Bearer\s/i, "`Bearer ` before the key, which is sent with it anyway"],
  // Padding at a key's own end is no assignment.
  [/^(?:export\s+)?[A-Z][A-Z0-9]*_[A-Z0-9_]*=[^=]/, "a variable's name before the key, which is what stands behind the ="],
];
