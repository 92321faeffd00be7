import type { Request } from "../../model/request.ts";

export interface ToolNames {
  out(name: string): string;
  back(name: string): string;
}

/**
 * Names that the API takes, `^[a-zA-Z0-9_-]{1,128}$` or shorter, and the way back. The same name always becomes the same, whatever else
 * is in the request, since the prompt's prefix must not change from turn to turn.
 */
export function toolNames(request: Request, longest: number): ToolNames {
  const back = new Map<string, string>();
  const out = (name: string) => (name.length <= longest && /^[\w-]+$/.test(name) ? name : shortened(name, longest));
  const names = [
    ...request.tools.map((tool) => tool.name),
    ...request.turns.flatMap((turn) =>
      turn.role === "assistant" ? turn.parts.flatMap((part) => (part.type === "tool-call" ? [part.name] : [])) : [],
    ),
  ];
  for (const name of names) back.set(out(name), name);
  return { out, back: (name) => back.get(name) ?? name };
}

function shortened(name: string, longest: number): string {
  const clean = name.replace(/[^\w-]/g, "_");
  return `${clean.slice(0, Math.max(0, longest - 9))}_${fingerprint(name)}`;
}

/** FNV-1a, 32 bits, of the UTF-16 units. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
