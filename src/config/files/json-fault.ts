const tokens = /[ \t\r\n]+|"(?:[^"\\\u0000-\u001f]|\\[^\u0000-\u001f])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;

/**
 * Where a text is no JSON, and why. V8 names a position for some faults only, a line in newer Nodes only, and quotes the text.
 * Undefined: nowhere in its words.
 */
export function jsonFault(text: string): { readonly offset: number; readonly detail: string } | undefined {
  let comma: number | undefined;
  for (let offset = text.startsWith("\uFEFF") ? 1 : 0; offset < text.length; offset = tokens.lastIndex) {
    tokens.lastIndex = offset;
    const token = tokens.exec(text)?.[0];
    if (token === undefined) return { offset, detail: strange(text.slice(offset, offset + 2)) };
    if (comma !== undefined && /^[}\]]/.test(token)) return { offset: comma, detail: "a comma too many" };
    if (token.trim() !== "") comma = token === "," ? offset : undefined;
  }
  return undefined;
}

function strange(text: string): string {
  if (/^(?:\/[/*]|#)/.test(text)) return "it has no comments";
  if (text.startsWith('"')) return "a text that does not end on its line, or has a tab in it";
  return /^[\w$']/.test(text) ? "text needs double quotes" : "nothing begins so there";
}
