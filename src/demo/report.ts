import type { DemoMessage, DemoRequest } from "./request.ts";

/** About four characters to a token in English and code; nothing is billed by it. */
export const tokensOf = (characters: number): number => Math.ceil(characters / 4);

/** What the stand-in says in the place of an answer: what it is, what it was given, what to do next. */
export function report(request: DemoRequest): string {
  const { messages, tools } = request;
  const system = messages.filter(({ role }) => role === "system" || role === "developer").reduce((sum, { text }) => sum + text.length, 0);
  const names = tools.slice(0, 5).map(({ name }) => name);
  const more = tools.length > names.length ? `, and ${tools.length - names.length} more` : "";
  return [
    "Hello. I am the stand-in that is built into fcc, not a model. That you read this shows that the client, the launch and the translation work on this machine.",
    "",
    "What reached me:",
    `- the model name "${plain(request.model)}"`,
    `- a system prompt of ${figure(system)} characters`,
    `- ${counted(messages.length, "message")}, about ${figure(tokensOf(request.size))} tokens with the tools`,
    tools.length === 0 ? "- no tools" : `- ${counted(tools.length, "tool")}: ${names.map(plain).join(", ")}${more}`,
    ...toolLines(messages),
    "",
    "To use a model of your own, run `fcc init`, or write a file .fccrc here:",
    "",
    "    profile: mine",
    "    profiles:",
    "      mine: { model: ollama/qwen3:8b }",
    "",
    "run `fcc trust`, and leave out `--profile demo`. `fcc providers` lists the servers and services that a model can come from.",
  ].join("\n");
}

/** What came of the tool that was called in this turn. */
function toolLines(messages: readonly DemoMessage[]): string[] {
  const last = messages.findLast(({ role }) => role === "tool");
  const call = messages.findLast(({ calls }) => calls.length > 0)?.calls.find(({ id }) => id === last?.callId);
  if (!last || !call) return [];
  // Codex puts facts about the run before what the command said.
  const output = last.text.split(/^Output:\n/m).at(-1) ?? "";
  const line = output.split("\n").find((candidate) => candidate.trim() !== "") ?? "";
  const said = plain(line.trim()).slice(0, 120);
  return [`- the result of the tool that I called, ${plain(call.name)}: ${said === "" ? "it was empty" : `it begins with "${said}"`}`];
}

/** On one line, without what a terminal would obey. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}

const figure = (value: number): string => value.toLocaleString("en-US");
const counted = (value: number, what: string): string => `${figure(value)} ${what}${value === 1 ? "" : "s"}`;
