import type { ReplyEvent } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import { parseJson } from "../../model/json.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";

/** What a tool's arguments may be given: other names, and other values where a string was written. */
export interface MemberChanges {
  /** What an argument is called that came by this name. It waits until it is whole. */
  readonly rename?: (name: string) => string;
  /** What a string stands for that came by this name. Absent: strings of that name pass as they come. */
  readonly reading?: (name: string) => ((text: string) => unknown) | undefined;
}

/** Changes the arguments of calls while they come; `changes` are those of a tool by the name that its call has, if it has some. */
export function mendMembers(changes: (name: string) => MemberChanges | undefined): Stage<ReplyEvent, ReplyEvent> {
  let reader: Reader | undefined;
  return eventMend((event, out) => {
    if (event.type === "tool-start") {
      const found = changes(event.name);
      reader = found && readMembers(found);
    }
    if (event.type === "tool-delta" && reader !== undefined) {
      const json = reader.push(event.json);
      if (json !== "") out.push(json === event.json ? event : { type: "tool-delta", json });
      return;
    }
    if (event.type === "tool-end" || event.type === "reply-end" || event.type === "failure") {
      const held = reader?.held() ?? "";
      if (held !== "") out.push({ type: "tool-delta", json: held });
      reader = undefined;
    }
    out.push(event);
  });
}

interface Reader {
  push(json: string): string;
  /** What still waits. */
  held(): string;
}

/** What a JSON string says; of a call that was cut it may be none. */
function spelled(token: string): string | undefined {
  const text = parseJson(token);
  return typeof text === "string" ? text : undefined;
}

/** Follows one JSON object and looks at the names of its own members, and at the strings among them. */
function readMembers({ rename, reading }: MemberChanges): Reader {
  let depth = 0;
  let place: "key" | "value" = "key";
  /** What the string that is open is: a name at the top, a value that waits, or any other. */
  let string: "none" | "name" | "waiting" | "other" = "none";
  let escaped = false;
  /** The open string as far as it came, where it is looked at. */
  let token = "";
  let name = "";
  const waits = () => string === "waiting" || (string === "name" && rename !== undefined);
  const close = (): string => {
    const kind = string;
    const whole = token;
    string = "none";
    token = "";
    if (kind === "other") return "";
    const text = spelled(whole);
    if (kind === "name") {
      const other = text === undefined ? undefined : rename?.(text);
      name = other ?? text ?? "";
      return rename === undefined ? "" : other === text ? whole : JSON.stringify(other);
    }
    const value = text === undefined ? undefined : reading?.(name)?.(text);
    return value === undefined || value === text ? whole : stringifyExactly(value);
  };
  const inString = (character: string): string => {
    if (string !== "other") token += character;
    const passed = waits() ? "" : character;
    if (escaped) escaped = false;
    else if (character === "\\") escaped = true;
    else if (character === '"') return passed + close();
    return passed;
  };
  const outside = (character: string): string => {
    if (character === '"') {
      string = depth !== 1 ? "other" : place === "key" ? "name" : reading?.(name) === undefined ? "other" : "waiting";
      if (string !== "other") token = character;
      return waits() ? "" : character;
    }
    if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (depth === 1 && character === ":") place = "value";
    else if (depth === 1 && character === ",") place = "key";
    return character;
  };
  return {
    push(json) {
      let out = "";
      for (let at = 0; at < json.length; at += 1) {
        if (string === "other" && !escaped) {
          // Most of what models write is inside strings.
          const from = at;
          while (at < json.length && json[at] !== '"' && json[at] !== "\\") at += 1;
          out += json.slice(from, at);
          if (at >= json.length) break;
        }
        const character = json.charAt(at);
        out += string === "none" ? outside(character) : inString(character);
      }
      return out;
    },
    held: () => (waits() ? token : ""),
  };
}
