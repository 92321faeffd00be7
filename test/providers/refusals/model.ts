import type { ChatBody, Seen } from "./rules.ts";
import { refusalOf, type StrictServer } from "./servers.ts";

export type Call = readonly [name: string, input: object];

/** The model behind a strict server: it streams what it is told to, and knows again what it said. */
export interface StrictModel {
  /** The data of the stream's events: thoughts, a sentence, calls. */
  say(calls: readonly Call[], text: string): readonly { readonly data: string }[];
  refusal(body: ChatBody): string | undefined;
}

export function createModel(server: StrictServer): StrictModel {
  const seen = { ids: new Set<string>(), reasoning: new Map<string, string>(), signatures: new Map<string, string>() } satisfies Seen;
  let made = 0;
  const delta = (value: object, finish: string | null = null) => ({
    data: JSON.stringify({
      id: "c",
      object: "chat.completion.chunk",
      model: server.model,
      choices: [{ index: 0, delta: value, finish_reason: finish }],
    }),
  });
  return {
    say(calls, text) {
      const thought = `Thought ${made}: é 漢.`;
      const chunks = [delta({ role: "assistant", content: "" })];
      if (server.reasoning)
        chunks.push(delta({ [server.reasoning]: thought.slice(0, 4) }), delta({ [server.reasoning]: thought.slice(4) }));
      if (text !== "") chunks.push(delta({ content: text }));
      for (const [index, [name, input]] of calls.entries()) {
        const id = server.callId?.(made) ?? `call_${String(made).padStart(20, "x")}`;
        made += 1;
        seen.ids.add(id);
        if (server.reasoning && index === 0) seen.reasoning.set(id, thought);
        // Only the first of parallel calls is signed.
        const signed = server.signs && index === 0 ? { extra_content: { google: { thought_signature: `signature+/${made}==` } } } : {};
        if (server.signs && index === 0) seen.signatures.set(id, `signature+/${made}==`);
        chunks.push(
          delta({ tool_calls: [{ index, id, type: "function", function: { name, arguments: JSON.stringify(input) }, ...signed }] }),
        );
      }
      chunks.push(delta({}, calls.length > 0 ? "tool_calls" : "stop"), { data: "[DONE]" });
      return chunks;
    },
    refusal: (body) => refusalOf(server, body, seen),
  };
}
