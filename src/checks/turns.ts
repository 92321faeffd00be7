import type { Failure } from "../model/failure.ts";
import type { Turn } from "../model/request.ts";
import { type Check, findingsOn, good } from "./finding.ts";
import { saidIn } from "./probe/said.ts";
import { readFile } from "./probe/tool-call.ts";
import { listedModel, type Subject, say } from "./subject.ts";

/** A PNG of 64 red pixels square. */
const redSquare =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAb0lEQVR4nO3PAQkAAAyEwO9feoshgnABdLep8QUNyPEFDcjxBQ3I8QUNyPEFDcjx" +
  "BQ3I8QUNyPEFDcjxBQ3I8QUNyPEFDcjxBQ3I8QUNyPEFDcjxBQ3I8QUNyPEFDcjxBQ3IPanc8OLDQitxAAAAAElFTkSuQmCC";

/** As what a picture is refused: llama.cpp calls it its own fault, OpenRouter has no endpoint for it. */
const refusals = new Set<Failure["kind"]>(["bad-request", "refused-capability", "upstream", "not-found"]);

/** Turns as an agent sends them back: reasoning with its seal and a tool's result, instructions in the middle, a picture. */
export function turnChecks(subject: Subject): readonly Check[] {
  const { ask, target } = subject;
  return [
    {
      id: "thinking",
      title: "thinking sent back",
      after: ["tool-call"],
      async run() {
        const on = findingsOn("a question with thinking switched on, then its answer and a tool's result");
        const question: Turn = { role: "user", parts: say("What does NOTES.md say? Read it with read_file.") };
        const reasoning = { enabled: true, budget: 1024 };
        const first = await ask({ turns: [question], tools: [readFile], reasoning, maxOutput: 4096 });
        if (first.failure !== undefined) return on.failed(first.failure);
        const { parts, calls, thinking } = saidIn(first.events);
        const [call] = calls;
        if (call === undefined) return on.doubt("it answered without the call that it made before");
        const results = calls.map(({ id }) => ({
          type: "tool-result" as const,
          id,
          parts: say("The notes say: all is well."),
          error: false,
        }));
        const second = await ask({
          turns: [question, { role: "assistant", parts }, { role: "user", parts: results }],
          tools: [readFile],
          reasoning,
          maxOutput: 4096,
        });
        if (second.failure !== undefined) return on.failed(second.failure);
        return on.good(thinking === "" ? "taken; the model shows no thinking" : `taken, with ${thinking.length} characters of thinking`);
      },
    },
    {
      id: "system-turn",
      title: "system turn in the middle",
      after: ["answer"],
      async run() {
        const on = findingsOn("instructions between two turns of a conversation");
        const heard = await ask({
          turns: [
            { role: "system", parts: say("Answer briefly.") },
            { role: "user", parts: say("Hello.") },
            { role: "assistant", parts: say("Hello!") },
            { role: "system", parts: say("From now on answer in one word.") },
            { role: "user", parts: say("What is the colour of the sky?") },
          ],
          maxOutput: 512,
        });
        return heard.failure === undefined ? on.good("taken") : on.failed(heard.failure);
      },
    },
    {
      id: "image",
      title: "image",
      after: ["answer"],
      async run() {
        const on = findingsOn("a red picture of 64 pixels square");
        if ((await listedModel(subject))?.images === false) return good("the model takes none; fcc leaves them out and says so");
        const source = { type: "base64" as const, mediaType: "image/png", data: redSquare };
        const heard = await ask({
          turns: [{ role: "user", parts: [{ type: "image", source }, ...say("Which colour is this? One word.")] }],
          maxOutput: 512,
        });
        const left = heard.facts.find((fact) => fact.type === "notice");
        if (heard.failure !== undefined && !refusals.has(heard.failure.kind)) return on.failed(heard.failure);
        if (heard.failure !== undefined)
          return on.doubt(
            `refused: ${heard.failure.message}`,
            `Set quirks: { images: false } for ${target.provider.id}, so that fcc leaves them out.`,
          );
        if (left !== undefined) return on.good(left.text);
        return on.good(/\bred\b/i.test(saidIn(heard.events).text) ? "seen" : "taken; whether it is seen, its answer does not tell");
      },
    },
  ];
}
