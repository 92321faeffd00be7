import type { Request } from "../model/request.ts";
import { largerWindow } from "../route/target.ts";
import { type Check, doubt, findingsOn } from "./finding.ts";
import type { ProbeReply } from "./probe/probe.ts";
import { count, firstWordAfter, type Subject, say, seconds } from "./subject.ts";

/** Milliseconds for reading a prompt of an agent's length. A launch waits longer; who is asked what is wrong should not. */
const patience = 120_000;
/** Of the claimed window, so that a count of our own that is off does not decide. */
const share = 0.75;
const line = (index: number) => `${index}: the quick brown fox jumps over the lazy dog and goes home.`;
/** Tokens of such a line with a vocabulary of today. */
const perLine = 17;

type Asked = Pick<Request, "turns" | "maxOutput">;

/** Whether a prompt as long as the client's own is read, whole, and the second time from the cache. */
export function longPromptChecks({ target, ask, window, fixedPrompt }: Subject, nonce: string): readonly Check[] {
  let first: { readonly heard: ProbeReply; readonly request: Asked; readonly on: ReturnType<typeof findingsOn> } | undefined;
  const timed = async (request: Asked) => {
    const signal = AbortSignal.timeout(patience);
    return { heard: await ask(request, { signal }), late: signal.aborted };
  };
  return [
    {
      id: "long-prompt",
      title: "long prompt",
      after: ["answer"],
      async run() {
        const { context: claimed } = await window();
        const wanted = Math.round(Math.min(fixedPrompt, (claimed ?? fixedPrompt) * share));
        const lines = Array.from({ length: Math.ceil(wanted / perLine) }, (_, index) => line(index));
        const request = {
          turns: [
            { role: "system" as const, parts: say(`Notes ${nonce}.\n${lines.join("\n")}`) },
            { role: "user" as const, parts: say("Say the word ready.") },
          ],
          maxOutput: 64,
        };
        const on = findingsOn(`${count(lines.length)} numbered lines, about ${count(wanted)} tokens`);
        const { heard, late } = await timed(request);
        if (late) {
          const todo =
            "The first answer of a launch takes as long. A smaller model, more of the machine for the server, or a client with fewer tools.";
          return on.doubt(`not read within ${patience / 1000} s`, todo);
        }
        const { failure } = heard;
        if (failure !== undefined && failure.kind !== "too-long") return on.failed(failure);
        if (failure !== undefined) {
          const seen = claimed === undefined ? "" : `the server says that its window is ${count(claimed)} tokens, but refuses this: `;
          const todo = `Start the server with a larger window, or set \`context: ${failure.limit?.max ?? 8192}\` in the target.`;
          return on.bad(`${seen}${failure.message}`, todo);
        }
        const read = heard.usage?.estimated === true ? undefined : heard.usage?.input;
        if (read !== undefined && read < wanted * 0.6) {
          const command = largerWindow(target);
          const larger = `a larger window${command === undefined ? "" : ` (\`${command}\`)`}`;
          const todo = `It drops the oldest part without a word. Start it with ${larger}, and set \`context:\` in the target.`;
          return on.bad(`only ${count(read)} tokens of it were read: the window is smaller than the server says`, todo);
        }
        first = { heard, request, on };
        return on.good(`read${read === undefined ? "" : ` (${count(read)} tokens)`}, first token after ${seconds(firstWordAfter(heard))}`);
      },
    },
    {
      id: "prompt-cache",
      title: "prompt cache",
      after: ["long-prompt"],
      async run() {
        if (first === undefined) return doubt("the first turn was not read in time");
        const { request, on } = first;
        const turns = [
          ...request.turns,
          { role: "assistant" as const, parts: say("ready") },
          { role: "user" as const, parts: say("Say it again.") },
        ];
        const { heard, late } = await timed({ ...request, turns });
        if (late) return on.doubt(`the second turn was not read within ${patience / 1000} s`);
        if (heard.failure !== undefined) return on.failed(heard.failure);
        const [before, after] = [firstWordAfter(first.heard), firstWordAfter(heard)];
        const cached = heard.usage?.cacheRead ?? 0;
        const times = `first token after ${seconds(after)}, ${seconds(before)} the first time`;
        if (cached > 0) return on.good(`${count(cached)} tokens from the cache, ${times}`);
        if (after < Math.max(before / 2, 1000)) return on.good(times);
        return on.doubt(
          `nothing came from a cache: ${times}`,
          "Each turn reads the whole conversation again. Look for the server's prefix cache (vllm --enable-prefix-caching, llama-server -np 1).",
        );
      },
    },
  ];
}
