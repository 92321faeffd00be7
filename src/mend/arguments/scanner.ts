import { createNumberScanner, isDigit } from "./number-scanner.ts";
import { createStringScanner } from "./string-scanner.ts";

/**
 * Follows a tool call's arguments as they stream, one look at each character, and says how much of them may go on at once: all of it as
 * long as it can still become one JSON object. What is broken but plainly meant (a raw newline in a string, a trailing comma, a lone
 * backslash) is mended on the way; at the first character that cannot be mended without the rest, all that follows is kept.
 *
 * A few characters wait for the next one, since what was sent cannot be taken back: a string's closing quote, a comma, an opening
 * brace that might be a placeholder `{}`, white space between tokens.
 */
export interface ArgumentScanner {
  /** What may be sent now. */
  push(text: string): string;
  /** "empty": nothing but white space came. "complete": an object, and what followed it was dropped. */
  state(): "empty" | "open" | "complete" | "broken";
  /** Everything that `push` has given out. */
  sent(): string;
  /** Everything taken in that was neither given out nor dropped. */
  rest(): string;
}

type Place =
  | "before"
  | "first-key"
  | "key"
  | "colon"
  | "value"
  | "first-value"
  | "after"
  | "string"
  | "number"
  | "literal"
  | "placeholder"
  | "done"
  | "over"
  | "broken";

const isSpace = (character: string): boolean => character === " " || character === "\n" || character === "\r" || character === "\t";

export function createArgumentScanner(): ArgumentScanner {
  let place: Place = "before";
  let pending = "";
  const given: string[] = [];
  const kept: string[] = [];
  /** true: an object. */
  const stack: boolean[] = [];
  let isKey = false;
  let number = createNumberScanner("");
  let literal = "";
  let out = "";

  const commit = (text: string): void => {
    out += pending + text;
    pending = "";
  };
  const string = createStringScanner(commit);
  const close = (object: boolean, character: string): boolean => {
    if (stack.at(-1) !== object) return false;
    stack.pop();
    commit(character);
    place = stack.length === 0 ? "done" : "after";
    return true;
  };
  const startValue = (character: string): boolean => {
    if (character === '"') {
      isKey = false;
      place = "string";
      commit(character);
    } else if (character === "{") {
      stack.push(true);
      place = "first-key";
      commit(character);
    } else if (character === "[") {
      stack.push(false);
      place = "first-value";
      commit(character);
    } else if (character === "-" || isDigit(character)) {
      number = createNumberScanner(character);
      place = "number";
      commit(character);
    } else if (character === "t" || character === "f" || character === "n") {
      literal = character === "t" ? "rue" : character === "f" ? "alse" : "ull";
      place = "literal";
      pending += character;
    } else return false;
    return true;
  };
  /** Takes one character; false where the text breaks. */
  const step = (character: string): boolean => {
    switch (place) {
      case "before":
        if (isSpace(character)) {
          pending += character;
          return true;
        }
        if (character !== "{") return false;
        stack.push(true);
        pending += character;
        place = "first-key";
        return true;
      case "first-key":
      case "key":
        if (isSpace(character)) pending += character;
        else if (character === '"') {
          isKey = true;
          place = "string";
          commit(character);
        } else if (character === "}" && stack.length === 1 && place === "first-key") {
          pending += character;
          place = "placeholder";
        } else if (character === "}") {
          if (place === "key") pending = pending.replace(/,\s*$/, "");
          return close(true, character);
        } else return false;
        return true;
      case "colon":
        if (isSpace(character)) pending += character;
        else if (character === ":") {
          commit(character);
          place = "value";
        } else return false;
        return true;
      case "first-value":
      case "value":
        if (isSpace(character)) {
          pending += character;
          return true;
        }
        if (character === "]" && stack.at(-1) === false) {
          if (place === "value") pending = pending.replace(/,\s*$/, "");
          return close(false, character);
        }
        return startValue(character);
      case "after":
        if (isSpace(character)) pending += character;
        else if (character === ",") {
          pending += character;
          place = stack.at(-1) === true ? "key" : "value";
        } else if (character === "}" || character === "]") return close(character === "}", character);
        else return false;
        return true;
      case "string":
        if (string.step(character)) {
          pending += character;
          place = isKey ? "colon" : "after";
        }
        return true;
      case "number": {
        const next = number(character);
        if (next === "more") commit(character);
        if (next !== "over") return next === "more";
        place = "after";
        return step(character);
      }
      case "literal":
        if (character !== literal[0]) return false;
        literal = literal.slice(1);
        pending += character;
        if (literal === "") {
          commit("");
          place = "after";
        }
        return true;
      case "placeholder":
        if (character === "{") {
          // An empty object stood for "nothing yet"; the real one follows.
          pending = "{";
          place = "first-key";
        } else if (isSpace(character)) pending += character;
        else {
          commit("");
          place = "over";
        }
        return true;
      case "done":
        if (isSpace(character)) out += character;
        else place = "over";
        return true;
      default:
        return true;
    }
  };
  return {
    push(text) {
      out = "";
      let index = 0;
      for (; index < text.length && place !== "broken"; index += 1) {
        if (place === "string" && string.held() === "") {
          // Most of what models write is inside strings: the whole run is taken.
          const end = plainEnd(text, index);
          commit(text.slice(index, end));
          index = end;
          if (index === text.length) break;
        }
        if (!step(text.charAt(index))) {
          place = "broken";
          break;
        }
      }
      if (place === "broken") kept.push(text.slice(index));
      if (out !== "") given.push(out);
      return out;
    },
    state() {
      if (place === "broken") return "broken";
      if (place === "done" || place === "placeholder" || place === "over") return "complete";
      return place === "before" ? "empty" : "open";
    },
    sent: () => given.join(""),
    rest: () => pending + string.held() + kept.join(""),
  };
}

/** Where a run of a string's characters ends that need no look. */
function plainEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34 || code === 92 || code < 32) return at;
  }
  return text.length;
}
