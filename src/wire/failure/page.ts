const longestPage = 16 * 1024;

/** A gateway's page may stand inside a sentence of whoever passed it on. */
export function withoutPage(text: string): string {
  const at = text.search(/<(?:!doctype|html)\b/i);
  return at < 0 ? text.trim() : `${text.slice(0, at)}${textOfPage(text.slice(at))}`.trim();
}

/** The title of a page, or its first heading, or its first words. */
export function textOfPage(page: string): string {
  const html = page.slice(0, longestPage);
  const found = /<title[^>]*>([\s\S]*?)<\/title>/i.exec(html) ?? /<h1[^>]*>([\s\S]*?)<\/h1>/i.exec(html);
  const source = found?.[1] ?? html.replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ").replace(/<!--[\s\S]*?-->/g, " ");
  return decode(source.replace(/<[^>]*>/g, " "))
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
}

function decode(text: string): string {
  return text
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&#124;/g, "|")
    .replace(/&amp;/g, "&");
}
