const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };

/** Follows a JSON string (RFC 8259, 7), one after the other: raw control characters and backslashes that escape nothing become escapes. */
export function createStringScanner(commit: (text: string) => void) {
  let held = "";
  const release = (text: string): void => {
    held = "";
    commit(text);
  };
  return {
    /** One character behind the opening quote; true: it closes the string, which is not committed. */
    step(character: string): boolean {
      if (held.startsWith("\\u") && /[0-9a-fA-F]/.test(character)) {
        held += character;
        if (held.length === 6) release(held);
        return false;
      }
      if (held === "\\" && character === "u") {
        held += character;
        return false;
      }
      if (held === "\\" && "\"\\/bfnrt'".includes(character)) {
        release(character === "'" ? character : held + character);
        return false;
      }
      // A backslash that escapes nothing.
      if (held !== "") release(`\\${held}`);
      if (character === '"') return true;
      if (character === "\\") held = character;
      else if (character < " ") commit(escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
      else commit(character);
      return false;
    },
    /** The part of an escape that has come, which may still become another one. */
    held: () => held,
  };
}
