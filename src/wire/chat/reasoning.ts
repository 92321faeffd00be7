import { isObject, type JsonObject, listOf, objectOf, pieceOf, textOf } from "../json.ts";

/**
 * The reasoning in a delta or message. Hosts that renamed the field send both with the same text, and OpenRouter says it a third time
 * in `reasoning_details`; so one is taken, in this order.
 */
export function reasoningText(delta: JsonObject): string {
  const text = pieceOf(delta.reasoning_content) ?? pieceOf(delta.reasoning) ?? textOf(delta.reasoning_text) ?? textOf(delta.thinking);
  if (text !== undefined) return text;
  let joined = "";
  for (const detail of reasoningDetails(delta)) joined += textOf(detail.text) ?? textOf(detail.summary) ?? "";
  return joined;
}

export function reasoningDetails(delta: JsonObject): readonly JsonObject[] {
  return Array.isArray(delta.reasoning_details) ? delta.reasoning_details.filter(isObject) : none;
}

const none: readonly JsonObject[] = [];

/** The texts of a list of parts, as one. */
export function textsOf(parts: unknown): string {
  return listOf(parts)
    .map((part) => textOf(objectOf(part).text) ?? "")
    .join("");
}

/** Puts the pieces of streamed details together again: text and summaries of one entry are joined, all else is kept as it is. */
export interface DetailsInParts {
  add(details: readonly JsonObject[]): void;
  empty(): boolean;
  /** What came so far, and forgets it. */
  take(): JsonObject[];
}

export function gatherDetails(): DetailsInParts {
  let entries: { fields: Record<string, unknown>; readonly pieces: string[]; readonly key: "text" | "summary" | undefined }[] = [];
  return {
    add(details) {
      for (const detail of details) {
        const key = detail.type === "reasoning.text" ? "text" : detail.type === "reasoning.summary" ? "summary" : undefined;
        const last = entries.at(-1);
        if (last === undefined || key === undefined || last.key !== key || !continues(last.fields, detail)) {
          const piece = key === undefined ? undefined : textOf(detail[key]);
          entries.push({ fields: { ...detail }, pieces: piece === undefined ? [] : [piece], key });
          continue;
        }
        const piece = textOf(detail[key]);
        if (piece !== undefined) last.pieces.push(piece);
        // The signature comes with the last piece.
        for (const [name, value] of Object.entries(detail)) {
          if (name !== key && value !== undefined && value !== null) last.fields[name] = value;
        }
      }
    },
    empty: () => entries.length === 0,
    take() {
      const whole = entries.map(({ fields, pieces, key }) =>
        key === undefined || pieces.length < 2 ? fields : { ...fields, [key]: pieces.join("") },
      );
      entries = [];
      return whole;
    },
  };
}

/** Of one entry are the pieces that name the same place and identity; what has its signature is over. */
function continues(entry: JsonObject, detail: JsonObject): boolean {
  if (textOf(entry.signature) !== undefined) return false;
  const same = (name: string) =>
    entry[name] === undefined ||
    entry[name] === null ||
    detail[name] === undefined ||
    detail[name] === null ||
    entry[name] === detail[name];
  return same("index") && same("id");
}
