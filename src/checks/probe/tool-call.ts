import type { FunctionTool, Request } from "../../model/request.ts";
import { say } from "../subject.ts";
import type { Ask, ProbeReply } from "./probe.ts";
import { argumentsOf, type Said, saidIn } from "./said.ts";

/** What a request for one tool call came to. */
export interface ToolTry {
  readonly heard: ProbeReply;
  readonly said: Said;
  /** "forced": only when the tool was demanded. */
  readonly called: "of itself" | "forced" | "never";
  /** The arguments hold what the tool asks for. */
  readonly usable: boolean;
}

export const readFile: FunctionTool = {
  type: "function",
  name: "read_file",
  description: "Reads a text file and returns what is in it.",
  parameters: {
    type: "object",
    properties: { path: { type: "string", description: "The path of the file" } },
    required: ["path"],
    additionalProperties: false,
  },
};

const request: Pick<Request, "turns" | "tools"> = {
  turns: [
    { role: "system", parts: say("You are a coding agent. Use your tools; do not guess.") },
    { role: "user", parts: say("What does the file NOTES.md say? Read it with the tool read_file.") },
  ],
  tools: [readFile],
};

/** One streamed request with a tool, as an agent makes them all day; once more with the call demanded where the model only talked. */
export async function tryToolCall(ask: Ask): Promise<ToolTry> {
  const first = await ask(request);
  const said = saidIn(first.events);
  if (first.failure !== undefined || said.calls.length > 0) return { heard: first, said, ...judged(said, "of itself") };
  const second = await ask({ ...request, toolChoice: { type: "tool", name: readFile.name } });
  const forced = saidIn(second.events);
  if (second.failure !== undefined || forced.calls.length === 0) return { heard: first, said, called: "never", usable: false };
  return { heard: second, said: forced, ...judged(forced, "forced") };
}

function judged({ calls }: Said, how: "of itself" | "forced"): Pick<ToolTry, "called" | "usable"> {
  const [call] = calls;
  if (call === undefined) return { called: "never", usable: false };
  return { called: how, usable: typeof argumentsOf(call)?.["path"] === "string" };
}
