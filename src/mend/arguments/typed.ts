import type { ReplyEvent } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import { isObject, objectOf, parseJson } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { pointed } from "../schema/pointed.ts";
import { typesOf } from "../schema/types-of.ts";
import { typedValue } from "../written/typed-values.ts";

/**
 * Arguments that a model wrote as a string where the tool takes none (a list of tasks as `"[{...}]"`, `"5"`, `"true"`) become what they
 * spell: the client would refuse the call. All else passes as it comes; such a string waits for its end.
 */
export function typeArguments(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  let reader: Reader | undefined;
  return eventMend((event, out) => {
    if (event.type === "tool-start") reader = openReader(tools.find(event.name)?.tool.parameters);
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

function openReader(schema: JsonSchema = {}): Reader | undefined {
  const unlikeStrings = new Map<string, unknown>();
  for (const [name, property] of Object.entries(objectOf(schema.properties))) {
    const anyOf = branchesOf(property, schema);
    if (anyOf.every(takesNoString)) unlikeStrings.set(name, { anyOf });
  }
  return unlikeStrings.size === 0 ? undefined : readMembers(unlikeStrings);
}

/** What an argument may be, with what stands elsewhere in the tool's schema put in: pydantic refers to each model. */
function branchesOf(property: unknown, root: JsonSchema): readonly unknown[] {
  const referred = (one: unknown) => (isObject(one) && typeof one.$ref === "string" ? pointed(one.$ref, root) : one);
  const found = referred(property);
  const { type, anyOf, oneOf } = isObject(found) ? found : {};
  const branches = type === undefined ? [anyOf, oneOf].filter(Array.isArray).flat() : [];
  return branches.length === 0 ? [found] : branches.map(referred);
}

function takesNoString(schema: unknown): boolean {
  const types = typesOf(schema);
  return types.size > 0 && !types.has("string");
}

/** What a JSON string says; of a call that was cut it may be none. */
function spelled(token: string): string | undefined {
  const text = parseJson(token);
  return typeof text === "string" ? text : undefined;
}

/** Follows one JSON object and looks at the strings among its own members. */
function readMembers(unlikeStrings: ReadonlyMap<string, unknown>): Reader {
  let depth = 0;
  let place: "key" | "value" = "key";
  /** What the string that is open is: a name at the top, a value that waits, or any other. */
  let string: "none" | "name" | "waiting" | "other" = "none";
  let escaped = false;
  /** The open string as far as it came, where it is looked at. */
  let token = "";
  let name = "";
  const close = (): string => {
    const kind = string;
    const whole = token;
    string = "none";
    token = "";
    if (kind === "name") name = spelled(whole) ?? "";
    if (kind !== "waiting") return "";
    const text = spelled(whole);
    const value = text === undefined ? undefined : typedValue(text, unlikeStrings.get(name));
    return value === undefined || value === text ? whole : stringifyExactly(value);
  };
  const inString = (character: string): string => {
    if (string !== "other") token += character;
    const passed = string === "waiting" ? "" : character;
    if (escaped) escaped = false;
    else if (character === "\\") escaped = true;
    else if (character === '"') return passed + close();
    return passed;
  };
  const outside = (character: string): string => {
    if (character === '"') {
      string = depth !== 1 ? "other" : place === "key" ? "name" : unlikeStrings.has(name) ? "waiting" : "other";
      if (string !== "other") token = character;
      return string === "waiting" ? "" : character;
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
        const character = json[at] as string;
        out += string === "none" ? outside(character) : inString(character);
      }
      return out;
    },
    held: () => (string === "waiting" ? token : ""),
  };
}
