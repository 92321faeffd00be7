import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { thinks } from "../wire/common-fields.ts";
import { type JsonObject, objectOf } from "../wire/json.ts";
import { placesOf } from "../wire/messages/cache-marks.ts";
import { withoutThinkingEdits } from "../wire/messages/context-edits.ts";
import { withoutFields } from "../wire/without-fields.ts";

/** The paths at which a body has what its target refuses. */
export function refusedIn(body: unknown, quirks: Quirks, client: WireName): readonly string[] {
  const whileThinking = client === "messages" ? [] : (quirks.refusedWhileThinking ?? []).flatMap(placesInOpenAi);
  return [...refusedPlaces(quirks, client), ...whileThinking].filter((place) => carries(body, place.split(".")));
}

/**
 * A body without what its target refuses. Edits of thinking go with it, which are refused where the model does not think.
 *
 * @param own as the client wrote it
 * @param quirks those that hold for what is asked of the model's thinking
 */
export function withoutRefused(body: JsonObject, own: JsonObject, quirks: Quirks, client: WireName): JsonObject {
  const left = withoutFields(body, refusedPlaces(quirks, client));
  return thinks(own) && !thinks(left) ? withoutThinkingEdits(left) : left;
}

/** The paths at which a body of this wire may have what is refused, whether or not the model thinks. */
export function refusedPlaces({ refusedMessagesFields, refusedFields }: Quirks, client: WireName): readonly string[] {
  return client === "messages" ? (refusedMessagesFields ?? []).flatMap(placesOf) : (refusedFields ?? []).flatMap(placesInOpenAi);
}

/** Where else a chat or Responses body has these fields: in a message or a tool. The rest of a conversation is not searched. */
export const within: Readonly<Record<string, readonly string[]>> = {
  strict: ["tools.function.strict", "tools.strict", "tools.tools.strict"],
  reasoning_content: ["messages.reasoning_content"],
  reasoning: ["messages.reasoning"],
  phase: ["input.phase"],
  cache_control: ["messages.cache_control", "messages.content.cache_control", "tools.cache_control", "tools.function.cache_control"],
};
const placesInOpenAi = (path: string): readonly string[] => [path, ...(within[path] ?? [])];

/** Whether a value has something at a path; lists are searched. */
export function carries(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((item) => carries(item, path));
  const found = objectOf(value)[name];
  return found !== undefined && carries(found, rest);
}
