import { type Check, findingsOn } from "./finding.ts";
import { firstWordAfter, type Subject, say, seconds } from "./subject.ts";

/** Whether a server stops when nobody listens any more: a local one that goes on keeps the next request waiting. */
export function abortCheck({ ask, greeting }: Subject): Check {
  const { good, doubt } = findingsOn("a long answer, broken off at its first word, and a short question at once");
  return {
    id: "abort",
    title: "abort frees the server",
    after: ["answer"],
    async run() {
      const control = new AbortController();
      const long = await ask(
        { turns: [{ role: "user", parts: say("Write a story of two thousand words about a lighthouse.") }], maxOutput: 2048 },
        {
          signal: control.signal,
          onEvent: (event) => {
            if (event.type.endsWith("-delta")) control.abort();
          },
        },
      );
      if (!control.signal.aborted)
        return long.failure === undefined ? good("the answer was over before it could be broken off") : doubt(long.failure.message);
      const next = await ask({ turns: [{ role: "user", parts: say("Say yes.") }], maxOutput: 16 });
      if (next.failure !== undefined) return doubt(next.failure.message);
      const [usual, after] = [firstWordAfter(await greeting()), firstWordAfter(next)];
      const seen = `next first token after ${seconds(after)}, ${seconds(usual)} when idle`;
      return after > Math.max(5 * usual, 3000)
        ? doubt(
            `the server went on with what nobody reads: ${seen}`,
            "After Escape the next answer waits. llama-server: a smaller -b; others: more slots.",
          )
        : good(seen);
    },
  };
}
