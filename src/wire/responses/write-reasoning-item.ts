import { writeSeal } from "./seal.ts";
import type { ItemSink, OpenItem } from "./write-item.ts";

/** Reasoning as a summary: the form that Codex, the SDKs and Open Responses all show. */
export function openReasoning({ ids, send, add, done }: ItemSink): OpenItem {
  const pieces: string[] = [];
  const id = ids.next("rs_");
  let index = -1;
  const item = (summary: readonly object[]) => ({ id, type: "reasoning", summary });
  const part = (text: string) => ({ type: "summary_text", text });
  const at = () => ({ item_id: id, output_index: index, summary_index: 0 });
  return {
    soFar: () => (index < 0 ? undefined : item([part(pieces.join(""))])),
    delta(text) {
      if (text === "") return;
      if (index < 0) {
        index = add(item([]));
        send("response.reasoning_summary_part.added", { ...at(), part: part("") });
      }
      pieces.push(text);
      send("response.reasoning_summary_text.delta", { ...at(), delta: text });
    },
    end(seal) {
      if (index < 0 && seal === undefined) return undefined;
      const summary = pieces.length === 0 ? [] : [part(pieces.join(""))];
      if (index < 0) index = add(item([]));
      for (const whole of summary) {
        send("response.reasoning_summary_text.done", { ...at(), text: whole.text });
        send("response.reasoning_summary_part.done", { ...at(), part: whole });
      }
      done(index, { ...item(summary), ...(seal === undefined ? {} : { encrypted_content: writeSeal(seal) }) });
      return undefined;
    },
  };
}
