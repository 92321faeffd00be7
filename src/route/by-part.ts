/** The model that part of a name means, among those that a server lists: one, several, or undefined where none fits. */
export function modelByPart(
  part: string,
  listed: readonly string[],
): { readonly model: string } | { readonly several: readonly string[] } | undefined {
  const wanted = part.toLowerCase();
  const same = listed.filter((id) => id.toLowerCase() === wanted);
  const found = same.length > 0 ? same : listed.filter((id) => id.toLowerCase().includes(wanted));
  const [first] = found;
  if (first === undefined) return undefined;
  return found.length === 1 ? { model: first } : { several: found };
}

/** Several names for a message: the first of many. */
export function namesInShort(names: readonly string[]): string {
  return `${names.slice(0, 8).join(", ")}${names.length > 8 ? `, and ${names.length - 8} more` : ""}`;
}
