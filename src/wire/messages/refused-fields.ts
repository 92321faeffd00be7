/**
 * Takes fields out of a body by path: "metadata", "output_config.effort", "tools.cache_control" (of each tool), "cache_control" at any
 * place. "thinking.adaptive" and its like name a value and are obeyed where thinking is written.
 */
export function removeFields(body: Record<string, unknown>, paths: readonly string[]): void {
  for (const path of paths) {
    if (path === "cache_control") removeEverywhere(body, path);
    else remove(body, path.split("."));
  }
}

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

/** Only where the API has them: in tools, instructions and content; never in a tool's schema or input, whose names are the user's. */
function removeEverywhere(body: Record<string, unknown>, name: string): void {
  delete body[name];
  for (const list of [body.tools, body.system]) remove(list, [name]);
  remove(body.messages, ["content", name]);
  remove(body.messages, ["content", "content", name]);
}
