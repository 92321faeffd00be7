/**
 * Follows JSON text as it comes, each character once: whether the brackets that it opened are closed again. What follows belongs to something
 * else.
 */
export function followJson(): (text: string) => boolean {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let complete = false;
  return (text) => {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === 0x5c) escaped = true;
        else if (code === 0x22) inString = false;
      } else if (code === 0x22) {
        inString = true;
      } else if (code === 0x7b || code === 0x5b) {
        depth += 1;
      } else if (code === 0x7d || code === 0x5d) {
        depth -= 1;
        complete ||= depth === 0;
        if (depth === 0) break;
      }
    }
    return complete;
  };
}
