import type { FunctionTool } from "../model/request.ts";
import { type Check, type Finding, findingsOn, skipped } from "./finding.ts";
import type { ProbeReply } from "./probe/probe.ts";
import { argumentsOf, saidIn } from "./probe/said.ts";
import { readFile, type ToolTry, tryToolCall } from "./probe/tool-call.ts";
import { listedModel, type Subject, say, seconds } from "./subject.ts";

const writeFile: FunctionTool = {
  type: "function",
  name: "write_file",
  description: "Writes a text file.",
  parameters: {
    type: "object",
    properties: { path: { type: "string" }, content: { type: "string", description: "The whole content" } },
    required: ["path", "content"],
    additionalProperties: false,
  },
};

/** What is lost first where arguments pass through a careless server: escapes, other scripts, characters beyond 16 bits, length. */
const delicate = {
  path: "notes/grüße 日本.md",
  content: `line "one"\n\ttab \\ backslash \\n not a newline\n{"nested": [1, 2.5, null]} </tool_call> 🦊 ${"0123456789".repeat(60)} end`,
};

const exact = ["Call write_file with exactly these arguments, character by character:", "```json", JSON.stringify(delicate), "```"].join(
  "\n",
);

export function toolChecks(subject: Subject): readonly Check[] {
  const { ask, target } = subject;
  return [
    {
      id: "tool-call",
      title: "tool call",
      after: ["answer"],
      run: async () => judgeToolCall(await tryToolCall(ask), (await listedModel(subject))?.tools === false),
    },
    {
      id: "parallel-calls",
      title: "parallel tool calls",
      after: ["tool-call"],
      async run() {
        const { good, failed } = findingsOn("a question that needs two files, with one tool");
        const heard = await ask({
          turns: [{ role: "user", parts: say("Read both ONE.md and TWO.md: call read_file twice in one reply, once for each.") }],
          tools: [readFile],
        });
        if (heard.failure !== undefined) return failed(heard.failure);
        const calls = saidIn(heard.events).calls.length;
        return good(calls > 1 ? `${calls} calls in one reply` : "one call at a time: the agent takes a turn for each");
      },
    },
    {
      id: "arguments",
      title: "arguments intact",
      after: ["tool-call"],
      async run() {
        if (target.provider.row.kind === "demo") return skipped("the stand-in copies nothing");
        const heard = await ask({
          turns: [{ role: "user", parts: say(exact) }],
          tools: [writeFile],
          toolChoice: { type: "tool", name: writeFile.name },
          maxOutput: 1024,
        });
        return judgeArguments(heard);
      },
    },
  ];
}

export function judgeToolCall({ heard, said, called, usable }: ToolTry, saidNoTools = false): Finding {
  const { good, doubt, bad, failed } = findingsOn("a question that needs a file, with the tool read_file");
  if (heard.failure !== undefined) return failed(heard.failure);
  if (called !== "never" && !usable) {
    return bad(
      `it called ${said.calls[0]?.name}, but without the arguments (${said.calls[0]?.arguments || "empty"})`,
      "The server loses arguments: update it, or take another wire (`via:`) or chat template.",
    );
  }
  if (called === "of itself") return good(`${said.calls[0]?.name} ${said.calls[0]?.arguments} in ${seconds(heard.elapsed)}`);
  if (called === "forced") return doubt("it calls a tool only when told to", "A larger model decides by itself.");
  return bad(
    saidNoTools
      ? "the server says that this model's template takes no tools"
      : `no tool call: ${said.text === "" ? "nothing" : `"${said.text.slice(0, 80)}"`}`,
    "An agent can do nothing without tools: choose a model that calls them, or start the server with its tool template (llama-server --jinja, vllm --enable-auto-tool-choice).",
  );
}

function judgeArguments(heard: ProbeReply): Finding {
  const { good, doubt, bad, failed } = findingsOn("a call to be copied: quotes, escapes, other scripts, 700 characters");
  if (heard.failure !== undefined) return failed(heard.failure);
  const [call] = saidIn(heard.events).calls;
  if (call === undefined) return doubt("no call came, though it was demanded");
  const end = heard.events.findLast((event) => event.type === "reply-end");
  if (end?.stop.reason === "max-output") return doubt("the model did not find the end of its call", "Choose a larger model.");
  const harmed = (seen: string) => bad(seen, "Update the server, or take another wire (`via:`).");
  const given = argumentsOf(call);
  if (given === undefined) return harmed(`arguments that are no JSON object: ${call.arguments.slice(0, 80)}`);
  const content = given["content"];
  if (typeof content !== "string") return harmed(`the arguments came without their content: ${call.arguments.slice(0, 80)}`);
  if (content === delicate.content && given["path"] === delicate.path) return good("every character came back");
  const harm = [
    ...(content.includes("\ufffd") ? ["characters were broken"] : []),
    ...(content.includes("\\u00") || content.includes("\\ud83e") ? ["escapes came twice"] : []),
  ];
  if (harm.length > 0) return harmed(`${harm.join(", ")}: ${JSON.stringify(content.slice(0, 60))}`);
  return doubt("a copy with differences, as small models make them; edits of files will need several tries", "Choose a larger model.");
}
