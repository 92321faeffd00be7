/**
 * The JSON values of one event's data: nearly always one. Servers have glued two objects into one line, and repeated a field's "data:"
 * inside it, so text that does not parse is tried as a row of values. undefined where it is no JSON at all.
 */
export function readData(data: string): unknown[] | undefined {
  try {
    return [JSON.parse(data)];
  } catch {
    return readRow(data);
  }
}

function readRow(text: string): unknown[] | undefined {
  const values: unknown[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const end = endOfObject(rest);
    if (end === undefined) return undefined;
    try {
      values.push(JSON.parse(rest.slice(0, end)));
    } catch {
      return undefined;
    }
    rest = rest.slice(end).replace(/^[\s,]*(?:data:)?\s*/, "");
    if (rest === "[DONE]") break;
  }
  return values.length === 0 ? undefined : values;
}

/** Where the object that the text begins with is over. */
function endOfObject(text: string): number | undefined {
  if (text[0] !== "{") return undefined;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}
