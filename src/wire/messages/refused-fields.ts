/**
 * Takes fields out of a body by path: "metadata", "output_config.effort", "tools.cache_control" (of each tool), "cache_control" or
 * "cache_control.ttl" at any place. "thinking.adaptive" and its like name a value and are obeyed where thinking is written.
 */
export function removeFields(body: Record<string, unknown>, paths: readonly string[]): void {
  for (const place of paths.flatMap(placesOf)) remove(body, place);
}

/**
 * Where a body has what a path names. A cache mark is looked for only where the API has it: in the body itself, tools, instructions and
 * content; never in a tool's schema or input, whose names are the user's.
 */
export function placesOf(path: string): readonly (readonly string[])[] {
  const steps = path.split(".");
  return steps[0] === "cache_control" ? marked.map((place) => [...place, ...steps]) : [steps];
}

const marked = [[], ["tools"], ["system"], ["messages", "content"], ["messages", "content", "content"]];

function remove(value: unknown, path: readonly string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) remove(item, path);
    return;
  }
  const [name, ...rest] = path;
  if (typeof value !== "object" || value === null || name === undefined) return;
  const fields = value as Record<string, unknown>;
  if (rest.length === 0) {
    delete fields[name];
    return;
  }
  const inner = fields[name];
  remove(inner, rest);
  // An object that held nothing else is refused as the field was.
  if (typeof inner === "object" && inner !== null && !Array.isArray(inner) && Object.keys(inner).length === 0) delete fields[name];
}
