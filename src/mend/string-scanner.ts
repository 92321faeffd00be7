export interface StringScanner {
  /** One character behind the opening quote; true: it closes the string, which is not committed. */
  step(character: string): boolean;
  /** The part of an escape that has come, which may still become another one. */
  held(): string;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };

/** Follows a JSON string (RFC 8259, 7), one after the other: raw control characters and backslashes that escape nothing become escapes. */
export function createStringScanner(commit: (text: string) => void): StringScanner {
  let escaping: "" | "\\" | "u" = "";
  let hex = "";
  return {
    step(character) {
      if (escaping === "u") {
        if (/[0-9a-fA-F]/.test(character)) {
          hex += character;
          if (hex.length < 4) return false;
          commit(`\\u${hex}`);
          escaping = "";
          return false;
        }
        escaping = "";
        commit(`\\\\u${hex}`);
      } else if (escaping === "\\") {
        escaping = "";
        if (character === "u") {
          hex = "";
          escaping = "u";
          return false;
        }
        if (character === "'") {
          commit("'");
          return false;
        }
        if ('"\\/bfnrt'.includes(character)) {
          commit(`\\${character}`);
          return false;
        }
        commit("\\\\");
      }
      if (character === '"') return true;
      if (character === "\\") escaping = "\\";
      else if (character < " ") commit(escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
      else commit(character);
      return false;
    },
    held: () => (escaping === "u" ? `\\u${hex}` : escaping),
  };
}
