// No two alternatives match the same, so that nothing is tried twice.
const escaped = String.raw`\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|[bafnrtv]|[^a-zA-Z])`;
const kind = String.raw`\\[dDsSwW]`;
/** Python takes no empty set, and no kind of character for either end of a range; Rust takes a bracket within a set for another set. */
const set = String.raw`\[(?!\^?\])(?:${kind}(?!-[^\]])|(?:${escaped}|[^\]\\[])(?!-${kind}))+\]`;
const group = String.raw`\((?!\?<(?![=!]))`;
const portable = new RegExp(String.raw`^(?:${kind}|\\[ABZ]|${escaped}|${set}|${group}|[^\\[(])*$`);
/** Python looks behind for so many characters, no more and no fewer. */
const looksBehindFreely = /\(\?<[=!](?:\\.|[^()\\])*[*+?{|]/s;

/**
 * Whether a pattern is one that not JavaScript alone reads, as `\p{Cc}`, `(?<name>`, `[\w-.]` are. OpenAI checks each by Python's `re`, DeepSeek
 * in Rust, and for one that is "not a 'regex'" they refuse the whole request. Claude Code's own Artifact tool has such a one.
 */
export function isPortable(pattern: unknown): boolean {
  return typeof pattern === "string" && portable.test(pattern) && !looksBehindFreely.test(pattern);
}
