import { type Check, findingsOn } from "./finding.ts";
import { saidIn } from "./probe/said.ts";
import { count, type Subject, seconds } from "./subject.ts";

/** Prompts are read at once, answers come word by word. */
const fewPieces = 3;

export function streamingChecks({ greeting }: Subject): readonly Check[] {
  const { good, doubt } = findingsOn("a short question, to be streamed");
  return [
    {
      id: "streaming",
      title: "streaming",
      after: ["answer"],
      async run() {
        const heard = await greeting();
        const last = heard.seen.at(-1);
        const { pieces, text, thinking } = saidIn(heard.events);
        const whole = !/event-stream/i.test(last?.contentType ?? "") && (last?.pieces ?? 0) <= fewPieces;
        if (whole) {
          return doubt(
            `the whole answer came at once after ${seconds(heard.elapsed)}: the server does not stream`,
            "The agent works, but shows nothing until each answer is complete. Look for a streaming option of the server or of a gateway before it.",
          );
        }
        if (text + thinking === "") return doubt("the stream held neither text nor thinking", "Look at the model's chat template.");
        return good(`${pieces} ${pieces === 1 ? "piece" : "pieces"}`);
      },
    },
    {
      id: "speed",
      title: "speed",
      after: ["answer"],
      async run() {
        const { elapsed, firstToken = elapsed, usage } = await greeting();
        const writing = elapsed - firstToken;
        const output = usage?.output;
        const rate = output === undefined || writing < 50 ? "" : `, then ${(output / (writing / 1000)).toFixed(0)} tokens a second`;
        const seen = `first token after ${seconds(firstToken)}${rate}${output === undefined ? "" : ` (${count(output)} tokens)`}`;
        const slow = output !== undefined && writing > 2000 && output / (writing / 1000) < 5;
        return slow
          ? doubt(seen, "An agent writes thousands of tokens: choose a smaller model, or give the server more of the machine.")
          : good(seen);
      },
    },
  ];
}
