import type { ReplyEvent } from "../../model/event.ts";
import { parseExactly, stringifyExactly } from "../../model/exact-json.ts";
import { isObject, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { argumentFields, ofCall } from "../written/call.ts";
import { looseJson } from "../written/loose-json.ts";

/**
 * Arguments that stand a level too deep, `{"arguments":{"command":"ls"}}` or a whole call where its arguments belong, are taken out: DeepSeek, GLM
 * and Qwen write them so at times (vllm-project/vllm#36654), the client refuses them, and a model that is shown its own call repeats it. Only where
 * the tool has no argument of such a name, and has all that stand within. What the first member is called says whether the rest is waited for.
 */
export function unwrapArguments(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  let waiting: Waiting | undefined;
  return eventMend((event, out) => {
    if (event.type === "tool-delta" && waiting !== undefined) {
      waiting.json += event.json;
      if (waiting.isWrapped === "perhaps") waiting.isWrapped = startsWrapped(waiting.json, waiting.names);
      if (waiting.isWrapped !== false) return;
      out.put(waiting.json === event.json ? event : { ...event, json: waiting.json });
      waiting = undefined;
      return;
    }
    if (waiting !== undefined && waiting.json !== "") {
      const { names, json } = waiting;
      out.put({ type: "tool-delta", json: event.type === "tool-end" ? (unwrapped(json, names) ?? json) : json });
    }
    const names = event.type === "tool-start" ? argumentsOf(event.name, tools) : undefined;
    waiting = names && { names, json: "", isWrapped: "perhaps" };
    out.put(event);
  });
}

/** The arguments of the call that is open, which wait for their first member, or where that is a wrapper's for their end. */
interface Waiting {
  readonly names: ReadonlySet<string>;
  json: string;
  isWrapped: boolean | "perhaps";
}

function argumentsOf(name: string, tools: KnownTools): ReadonlySet<string> | undefined {
  const schema = tools.find(name)?.tool.parameters ?? {};
  const names = Object.keys(objectOf(schema.properties));
  return names.length === 0 || mayTakeMore(schema) ? undefined : new Set(names);
}

/** A tool that says so takes arguments by names that are not among its own. */
function mayTakeMore({ additionalProperties: others, ...schema }: JsonSchema): boolean {
  return others === true || isObject(others) || ["patternProperties", "allOf", "anyOf", "oneOf", "$ref"].some((word) => word in schema);
}

/** The last is a word of the schema in which a model has read of them. */
const wrappers: readonly string[] = [...argumentFields, "properties"];
const ofWrapper: readonly string[] = [...wrappers, ...ofCall];

/** Whether the first member is one that a wrapper has. Before it no model writes more white space than this, which is looked at with each delta. */
function startsWrapped(text: string, names: ReadonlySet<string>): boolean | "perhaps" {
  const [, begun, end] = /^\s{0,100}(?:\{\s{0,100}(?:"([^"]*)("?))?)?/.exec(text) ?? [];
  if (begun === undefined) return /^\s{0,100}(?:\{\s{0,100})?$/.test(text) && "perhaps";
  const fits = ofWrapper.some((name) => !names.has(name) && (end === '"' ? name === begun : name.startsWith(begun)));
  return end === '"' ? fits : fits && "perhaps";
}

/** How deep arguments are looked for: of its own call a model makes the arguments of the next. */
const deepest = 4;

function unwrapped(text: string, names: ReadonlySet<string>): string | undefined {
  let value = parseExactly(text);
  for (let depth = 0; depth < deepest && isObject(value); depth += 1) {
    const members = Object.keys(value);
    if (depth > 0 && members.every((name) => names.has(name))) return stringifyExactly(value);
    const [field, ...more] = members.filter((name) => !ofCall.has(name));
    if (field === undefined || more.length > 0 || !wrappers.includes(field) || members.some((name) => names.has(name))) return undefined;
    const inner: unknown = value[field];
    value = typeof inner === "string" ? looseJson(inner) : inner;
  }
  return undefined;
}
