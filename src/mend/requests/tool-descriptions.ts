import type { Quirks } from "../../model/quirks.ts";
import type { Request, Tool } from "../../model/request.ts";
import { addToSystem } from "./remind.ts";

/** What a tool's description says beyond the length that the server takes is said in the system prompt: a model that has read half of it calls wrongly. */
export function mendToolDescriptions(request: Request, { toolDescriptionLength: most }: Quirks): Request {
  if (most === undefined) return request;
  const rests: string[] = [];
  const tools = request.tools.map((tool): Tool => {
    if (tool.type !== "function" || tool.description === undefined || tool.description.length <= most) return tool;
    const end = endWithin(tool.description, most);
    rests.push(`More on the tool ${tool.name}:\n${tool.description.slice(end).trim()}`);
    // As its wire has it, it would say all of it.
    const { own: _, ...described } = tool;
    return { ...described, description: tool.description.slice(0, end).trimEnd() };
  });
  return rests.length === 0 ? request : { ...request, tools, turns: addToSystem(request.turns, rests.join("\n\n")) };
}

/** After the last line, else the last sentence or word, that fits. */
function endWithin(text: string, most: number): number {
  for (const mark of ["\n", ". ", " "]) {
    const at = text.lastIndexOf(mark, most - mark.length);
    if (at > most / 2) return at + mark.length;
  }
  return most;
}
