import type { ReplyEvent, Usage } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import { charactersPerToken } from "../estimate.ts";
import { eventMend } from "../event-mend.ts";

/**
 * Figures that a provider left out, estimated and marked so: the prompt's at the start, where a client's context meter would show
 * nothing, the output's by what was written.
 */
export function mendUsage(inputEstimate: () => number, startEstimate = inputEstimate): Stage<ReplyEvent, ReplyEvent> {
  let started: Usage | undefined;
  let characters = 0;
  return eventMend((event, out) => {
    switch (event.type) {
      case "reply-start":
        started = event.usage;
        if (event.usage?.input) break;
        out.put({ ...event, usage: { ...event.usage, input: startEstimate(), estimated: true } });
        return;
      case "text-delta":
      case "thinking-delta":
        characters += event.text.length;
        break;
      case "tool-delta":
        characters += event.json.length;
        break;
      case "tool-start":
        characters += event.name.length + 8;
        break;
      case "reply-end":
        out.put({ ...event, usage: filled(event.usage, started, inputEstimate, characters) });
        return;
      default:
    }
    out.put(event);
  });
}

function filled(usage: Usage, started: Usage | undefined, inputEstimate: () => number, characters: number): Usage {
  const input = usage.input || started?.input;
  // None at all of a reply that has some is no count.
  const output = usage.output === 0 && characters > 0 ? undefined : usage.output;
  const isEstimated = usage.estimated || !input || output === undefined;
  return {
    ...(!usage.input && started?.cacheRead !== undefined && { cacheRead: started.cacheRead }),
    ...(!usage.input && started?.cacheWrite !== undefined && { cacheWrite: started.cacheWrite }),
    ...usage,
    input: input || inputEstimate(),
    output: output ?? Math.ceil(characters / charactersPerToken),
    ...(isEstimated && { estimated: true }),
  };
}
