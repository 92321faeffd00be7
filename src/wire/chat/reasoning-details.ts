import { type JsonObject, textOf } from "../json.ts";
import { createSuffixes } from "./suffixes.ts";

/** Puts the pieces of streamed details together again: text and summaries of one entry are joined, all else is kept as it is. */
export function gatherDetails() {
  let entries: Entry[] = [];
  return {
    add(details: readonly JsonObject[]): void {
      for (const detail of details) {
        const key = detail.type === "reasoning.text" ? "text" : detail.type === "reasoning.summary" ? "summary" : undefined;
        const piece = key === undefined ? "" : (textOf(detail[key]) ?? "");
        const last = entries.at(-1);
        if (last === undefined || key === undefined || last.key !== key || !continues(last.fields, detail)) {
          const added = createSuffixes();
          entries.push({ fields: { ...detail }, pieces: [added(piece)], key, added });
          continue;
        }
        last.pieces.push(last.added(piece));
        // The signature comes with the last piece.
        for (const [name, value] of Object.entries(detail)) {
          if (name !== key && value !== undefined && value !== null) last.fields[name] = value;
        }
      }
    },
    /** What came so far, and forgets it. */
    take(): JsonObject[] {
      const whole = entries.map(({ fields, pieces, key }) =>
        key === undefined || pieces.length < 2 ? fields : { ...fields, [key]: pieces.join("") },
      );
      entries = [];
      return whole;
    },
  };
}

interface Entry {
  readonly fields: Record<string, unknown>;
  readonly pieces: string[];
  readonly key: "text" | "summary" | undefined;
  /** MiniMax sends all of it so far in each chunk. */
  readonly added: (piece: string) => string;
}

/** Of one entry are the pieces that name the same place and identity; what has its signature is over. */
function continues(entry: JsonObject, detail: JsonObject): boolean {
  if (textOf(entry.signature) !== undefined) return false;
  const same = (name: string) => {
    const [own, other] = [entry[name] ?? undefined, detail[name] ?? undefined];
    return own === undefined || other === undefined || own === other;
  };
  return same("index") && same("id");
}
