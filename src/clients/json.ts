export type JsonObject = { readonly [key: string]: unknown };

/** An object, or the JSON text of one, with comments or without; undefined where there is none. */
export function objectIn(value: unknown): JsonObject | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  if (typeof value !== "string") return undefined;
  try {
    const read: unknown = JSON.parse(
      value.replace(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) => (part.startsWith('"') ? part : "")),
    );
    return typeof read === "object" ? objectIn(read) : undefined;
  } catch {
    return undefined;
  }
}
