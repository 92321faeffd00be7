import { fieldNamed, fieldSpans, itemsNamed, itemsOf, parsed, type Span, splice, valueNamed } from "../json-bytes.ts";

/** The body of a request with other ids of calls, in calls and results alike; every other byte stays. */
export function replaceToolIds(bytes: Buffer, replacement: (id: string) => string): Buffer {
  const places: (Span & { readonly by: string })[] = [];
  for (const turn of itemsOf(bytes, "messages")) {
    for (const block of itemsNamed(bytes, fieldSpans(bytes, turn.start), "content")) {
      const place = idOf(bytes, block);
      const id = place && parsed(bytes, place);
      if (place === undefined || typeof id !== "string") continue;
      const other = replacement(id);
      if (other !== id) places.push({ ...place, by: JSON.stringify(other) });
    }
  }
  return splice(bytes, places);
}

const names: ReadonlyMap<unknown, string> = new Map([
  ["tool_use", "id"],
  ["tool_result", "tool_use_id"],
]);

function idOf(bytes: Buffer, block: Span): Span | undefined {
  const fields = fieldSpans(bytes, block.start);
  const name = names.get(valueNamed(bytes, fields, "type"));
  return name === undefined ? undefined : fieldNamed(bytes, fields, name)?.value;
}
