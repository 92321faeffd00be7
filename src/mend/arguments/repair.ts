import { isObject, parseJson } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { endsInMember } from "../written/loose-json.ts";
import { repairJson } from "../written/repair-json.ts";
import { asObject } from "./as-object.ts";

/**
 * What to send after `sent`, so that both together are a JSON object, given that `rest` is what the model wrote there. Where no repair
 * is found, or the text was cut inside a member, the model's own text is delivered: it cannot run, and the model sees its error.
 */
export function repairArguments(sent: string, rest: string, schema: JsonSchema = {}): string {
  const text = sent + rest;
  const again = secondStart(text, sent.length);
  if (again !== undefined) return again.slice(sent.length);
  if (endsInMember(text)) return rest;
  if (sent === "") return asObject(rest, schema) ?? rest;
  const repaired = repairedObject(text);
  return repaired?.startsWith(sent) ? repaired.slice(sent.length) : rest;
}

/**
 * The arguments from where the server began them again (vLLM's parser for xLAM, SGLang's for MiniMax M2): a whole object that begins with all
 * that stands before it. `from`: what was sent.
 */
function secondStart(text: string, from: number): string | undefined {
  for (let at = text.indexOf("{", Math.max(1, from)), tries = 0; at > 0 && at * 2 <= text.length && tries < 8; tries += 1) {
    const again = text.slice(at);
    if (again.startsWith(text.slice(0, at)) && isObject(parseJson(again))) return again;
    at = text.indexOf("{", at + 1);
  }
  return undefined;
}

function repairedObject(text: string): string | undefined {
  const repaired = repairJson(text);
  return repaired !== undefined && isObject(parseJson(repaired)) ? repaired : undefined;
}
