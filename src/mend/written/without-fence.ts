/** What stands in the code fence around a text; a text without one as it is. */
export function withoutFence(text: string): string {
  if (!text.startsWith("```")) return text;
  return text
    .replace(/^```[\w-]*/, "")
    .replace(/```$/, "")
    .trim();
}
