/** A file of JSON, as it may be saved on Windows: the mark of the byte order before it says nothing. Throws a SyntaxError. */
export function parseJsonFile(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ""));
}
