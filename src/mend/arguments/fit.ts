import { parseJson } from "../../model/json.ts";
import { fittedNumber, fittedString, fittedWord, mayGo, takesNoEmptyString, takesNoString } from "./fitted.ts";
import type { Place } from "./place.ts";
import { isSpace, plainEnd } from "./scanner.ts";

/** An object or a list that is open. */
interface Open {
  readonly isList: boolean;
  readonly place: Place;
  /** Nothing in it has gone on. */
  isEmpty: boolean;
}

/**
 * Follows the JSON of a call's arguments and gives out each value as its place takes it, and each argument by what `ownName` calls it. A name waits
 * until it is whole, and longer where its value may be left out, and a value until it is whole where it may become another; all else passes as it
 * comes.
 */
export function fitArguments(root: Place, ownName: (name: string) => string) {
  const opened: Open[] = [];
  /** What is open: a string that passes, one that passes unless it is empty, one that waits, or a number or word. */
  let token: "none" | "name" | "passing" | "choice" | "waiting" | "plain" = "none";
  let escaped = false;
  /** The token, where it waits. */
  let text = "";
  /** What stands before a value, and goes on or not with it: white space, the comma, the name, the colon. */
  let before = "";
  /** That of the value that comes, where something is known of it. */
  let place: Place | undefined = root;
  let isNamed = false;
  /** How many objects and lists are open of which nothing is known: they pass, and so does all that stands behind the arguments, or in their place. */
  let unknown = 0;

  const release = (): string => {
    const inside = opened.at(-1);
    // What stood before the comma was left out.
    const out = inside?.isEmpty === true ? before.replace(/^(\s*),/, "$1") : before;
    if (inside !== undefined) inside.isEmpty = false;
    before = "";
    return out;
  };
  const settle = (value: string | undefined): string => {
    token = "none";
    text = "";
    if (value !== undefined) return release() + value;
    before = "";
    return "";
  };
  const plain = (): string => {
    if (place === undefined) return settle(text);
    return settle(/^[-\d]/.test(text) ? fittedNumber(text, place) : fittedWord(text, place));
  };
  const openString = (): string => {
    if (opened.at(-1)?.isList === false && !isNamed) token = "name";
    else if (place !== undefined && takesNoString(place)) token = "waiting";
    else if (place !== undefined && takesNoEmptyString(place)) token = "choice";
    else {
      token = "passing";
      return `${release()}"`;
    }
    text = '"';
    return "";
  };
  const inString = (character: string): string => {
    if (token === "choice") {
      if (character === '"') return settle(undefined);
      token = "passing";
      const out = release() + text;
      text = "";
      return out + inString(character);
    }
    if (token !== "passing") text += character;
    const out = token === "passing" ? character : "";
    if (escaped) escaped = false;
    else if (character === "\\") escaped = true;
    else if (character === '"') return out + closeString();
    return out;
  };
  const closeString = (): string => {
    if (token === "waiting") return settle(place === undefined ? text : fittedString(text, place));
    if (token === "name") {
      const name = parseJson(text);
      const own = typeof name === "string" && opened.length === 1 ? ownName(name) : name;
      place = typeof own === "string" ? opened.at(-1)?.place.member(own) : undefined;
      before += own === name ? text : JSON.stringify(own);
      text = "";
      isNamed = true;
    }
    token = "none";
    return "";
  };
  const openValue = (character: "{" | "["): string => {
    const out = release() + character;
    const isList = character === "[";
    const within = isList ? place?.item() : place;
    if (within === undefined) unknown = 1;
    else opened.push({ isList, place: within, isEmpty: true });
    place = isList ? within : undefined;
    isNamed = false;
    return out;
  };
  const close = (character: string): string => {
    const out = before + character;
    before = "";
    opened.pop();
    if (opened.length === 0) unknown = Number.POSITIVE_INFINITY;
    return out;
  };
  const between = (character: string): string => {
    if (opened.length === 0 && character !== "{" && !isSpace(character)) {
      unknown = Number.POSITIVE_INFINITY;
      return character;
    }
    switch (character) {
      case '"':
        return openString();
      case "{":
      case "[":
        return openValue(character);
      case "}":
      case "]":
        return close(character);
      case ",": {
        before += character;
        const inside = opened.at(-1);
        place = inside?.isList === true ? inside.place : undefined;
        isNamed = false;
        return "";
      }
      case ":":
        before += character;
        return place !== undefined && mayGo(place) ? "" : release();
      default:
        if (isSpace(character)) before += character;
        else {
          token = "plain";
          text = character;
        }
        return "";
    }
  };
  const outside = (character: string): string => {
    if (unknown === 0) return between(character);
    if (character === '"') token = "passing";
    else if (character === "{" || character === "[") unknown += 1;
    else if (character === "}" || character === "]") unknown -= 1;
    return character;
  };
  return {
    /** What may go on now. */
    push(json: string): string {
      let out = "";
      for (let at = 0; at < json.length; at += 1) {
        if (token === "passing" && !escaped) {
          // Most of what models write is inside strings.
          const end = plainEnd(json, at);
          out += json.slice(at, end);
          at = end;
          if (at === json.length) break;
        }
        const character = json.charAt(at);
        if (token === "plain") {
          if (/[\w.+-]/.test(character)) {
            text += character;
            continue;
          }
          out += plain();
        }
        out += token === "none" ? outside(character) : inString(character);
      }
      return out;
    },
    /** What still waits. */
    held: () => before + text,
  };
}
