import type { TokenLogprob } from "../../model/event.ts";
import { append } from "../../model/lists.ts";
import type { JsonObject } from "../json.ts";
import { citedPages } from "../web-search.ts";
import type { ItemSink, OpenItem } from "./write-item.ts";

/** A message with one part: text, or the words of a refusal. */
export function openMessage({ ids, send, add, done }: ItemSink, kind: "output_text" | "refusal", phase?: string): OpenItem {
  const pieces: string[] = [];
  const tokens: TokenLogprob[] = [];
  const annotations: unknown[] = [];
  const cited: JsonObject[] = [];
  const id = ids.next("msg_");
  const own = phase === undefined ? {} : { phase };
  let index = -1;
  const part = (text: string) => (kind === "refusal" ? { type: kind, refusal: text } : { type: kind, text, annotations, logprobs: tokens });
  const item = (status: string, content: unknown[]) => ({ id, type: "message", status, role: "assistant", ...own, content });
  const at = () => ({ item_id: id, output_index: index, content_index: 0 });
  const note = (noted: readonly unknown[]) => {
    for (const annotation of index < 0 ? [] : noted) {
      send("response.output_text.annotation.added", { ...at(), annotation_index: annotations.length, annotation });
      annotations.push(annotation);
    }
  };
  return {
    soFar: () => (index < 0 ? undefined : item("in_progress", [part(pieces.join(""))])),
    delta(text, logprobs = []) {
      if (text === "") return;
      if (index < 0) {
        index = add(item("in_progress", []));
        send("response.content_part.added", { ...at(), part: part("") });
      }
      pieces.push(text);
      append(tokens, logprobs);
      send(`response.${kind}.delta`, { ...at(), delta: text, ...(kind === "refusal" ? {} : { logprobs }) });
    },
    note,
    cite: (citations) => append(cited, citations),
    end() {
      if (index < 0) return undefined;
      const text = pieces.join("");
      note(citedPages(cited, 0, text.length).map((page) => ({ type: "url_citation", ...page })));
      send(`response.${kind}.done`, { ...at(), ...(kind === "refusal" ? { refusal: text } : { text, logprobs: tokens }) });
      send("response.content_part.done", { ...at(), part: part(text) });
      return (ending) => done(index, item(ending === "incomplete" ? ending : "completed", [part(text)]));
    },
  };
}
