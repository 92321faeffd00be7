/** What a text with escapes of an address in it spells (`ids%5B%5D`); one whose escapes are none is what it says. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
