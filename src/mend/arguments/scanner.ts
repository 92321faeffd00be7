import { createNumberScanner, startsNumber } from "./number-scanner.ts";
import { createStringScanner } from "./string-scanner.ts";

export type ArgumentScanner = ReturnType<typeof createArgumentScanner>;

/** Between tokens, what may come next; else the token that is open. */
type Place = Between | "in-name" | "in-string" | "number" | "literal" | "done" | "over" | "broken";
type Between = "start" | "name" | "colon" | "value" | "after" | "placeholder";

export const isSpace = (character: string | undefined): boolean =>
  character === " " || character === "\n" || character === "\r" || character === "\t";
/** What follows a literal's first letter. */
const literals: Readonly<Record<string, string>> = { t: "rue", f: "alse", n: "ull" };

/**
 * Follows a tool call's arguments as they stream, one look at each character, and says how much of them may go on at once: all of it as
 * long as it can still become one JSON object. What is broken but plainly meant (a raw newline in a string, a trailing comma, a lone
 * backslash) is mended on the way; at the first character that cannot be mended without the rest, all that follows is kept.
 *
 * A few characters wait for the next one, since what was sent cannot be taken back: a string's closing quote, a comma, an opening
 * brace that might be a placeholder `{}`, white space between tokens.
 */
export function createArgumentScanner() {
  let place: Place = "start";
  /** What waits for the next character. */
  let pending = "";
  const given: string[] = [];
  const kept: string[] = [];
  /** What closes the objects and lists that are open. */
  const closers: string[] = [];
  let number = createNumberScanner("");
  let literal = "";
  let out = "";

  const commit = (text: string): void => {
    out += pending + text;
    pending = "";
  };
  const string = createStringScanner(commit);
  const send = (character: string, next: Place): true => {
    commit(character);
    place = next;
    return true;
  };
  const wait = (character: string, next: Place): true => {
    pending += character;
    place = next;
    return true;
  };
  const begin = (character: string): boolean => {
    if (character === '"') return send(character, "in-string");
    if (character === "{" || character === "[") {
      closers.push(character === "{" ? "}" : "]");
      return send(character, character === "{" ? "name" : "value");
    }
    if (startsNumber(character)) {
      number = createNumberScanner(character);
      return send(character, "number");
    }
    literal = literals[character] ?? "";
    return literal !== "" && wait(character, "literal");
  };
  const end = (closer: string): boolean => {
    if (closers.at(-1) !== closer) return false;
    closers.pop();
    pending = pending.replace(/,\s*$/, "");
    return send(closer, closers.length === 0 ? "done" : "after");
  };

  const between = (character: string, at: Between): boolean => {
    if (isSpace(character)) return wait(character, at);
    switch (at) {
      case "start":
        if (character !== "{") return false;
        closers.push("}");
        return wait(character, "name");
      case "name":
        if (character === '"') return send(character, "in-name");
        // The brace that opened all still waits: an empty object, or nothing yet.
        return character === "}" && pending.includes("{") ? wait(character, "placeholder") : end(character);
      case "placeholder":
        if (character !== "{") return send("", "over");
        pending = "";
        return wait(character, "name");
      case "colon":
        return character === ":" && send(character, "value");
      case "value":
        return character === "]" ? end(character) : begin(character);
      case "after":
        return character === "," ? wait(character, closers.at(-1) === "}" ? "name" : "value") : end(character);
    }
  };
  /** Takes one character; false where the text breaks. */
  const step = (character: string): boolean => {
    switch (place) {
      case "in-name":
      case "in-string":
        return !string.step(character) || wait(character, place === "in-name" ? "colon" : "after");
      case "number": {
        const next = number(character);
        return next === "over" ? between(character, "after") : next === "more" && send(character, "number");
      }
      case "literal":
        if (character !== literal[0]) return false;
        literal = literal.slice(1);
        return literal === "" ? send(character, "after") : wait(character, "literal");
      case "done":
        if (isSpace(character)) out += character;
        else place = "over";
        return true;
      case "over":
      case "broken":
        return true;
      default:
        return between(character, place);
    }
  };
  return {
    /** What may be sent now. */
    push(text: string): string {
      out = "";
      let index = 0;
      for (; index < text.length && place !== "broken"; index += 1) {
        if ((place === "in-string" || place === "in-name") && string.held() === "") {
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
    /** "empty": nothing but white space came. "complete": an object, and what followed it was dropped. */
    state(): "empty" | "open" | "complete" | "broken" {
      if (place === "broken") return "broken";
      if (place === "done" || place === "placeholder" || place === "over") return "complete";
      return place === "start" ? "empty" : "open";
    },
    /** Everything that `push` has given out. */
    sent: () => given.join(""),
    /** Everything taken in that was neither given out nor dropped. */
    rest: () => pending + string.held() + kept.join(""),
  };
}

/** Where a run of a string's characters ends that need no look. */
export function plainEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34 || code === 92 || code < 32) return at;
  }
  return text.length;
}
