import { createParser } from "eventsource-parser";
import { createOutbox } from "../model/outbox.ts";
import type { SseMessage, Stage } from "../model/stage.ts";
import { withoutStacks } from "../model/without-stacks.ts";

/** The most that one event may hold, in UTF-16 units: a stream that never sends a blank line must not fill the memory. */
const longestEvent = 64 * 1024 * 1024;

/**
 * Bytes of a server-sent event stream to its messages (WHATWG HTML 9.2: BOM, CR, LF and CRLF, comments, several data lines). A last
 * message without its blank line counts: servers forget it, and losing the final usage or error would lose more than the rule saves.
 * A line that is a JSON object without "data:" (Ollama's own stream) counts as a message too, and one with "error:" in its place (llama.cpp
 * until September 2025, and what was built on it) as an `error` event. Comments put out nothing. An event beyond all measure is told as
 * such an event, which every reader takes for a failure, and nothing is read after it.
 *
 * @param onComment called for each comment, by which a server shows that it is at work
 */
export function readSse(onComment = () => {}): Stage<Uint8Array, SseMessage> {
  const decoder = new TextDecoder();
  const messages = createOutbox<SseMessage>();
  let held = 0;
  let over = false;
  const parser = createParser({
    onEvent(message) {
      held = 0;
      messages.put(message.event === undefined ? { data: message.data } : { event: message.event, data: message.data });
    },
    onComment() {
      held = 0;
      onComment();
    },
    onError({ type, field, value = "", line = "" }) {
      if (type !== "unknown-field") return;
      const isError = field === "error" && value !== "";
      if (!isError && !line.trimStart().startsWith("{")) return;
      held = 0;
      messages.put(isError ? { event: "error", data: value } : { data: line });
    },
  });
  const feed = (text: string): readonly SseMessage[] => {
    if (text === "" || over) return [];
    held += text.length;
    // The parser makes an error of each line whose field it does not know.
    withoutStacks(() => parser.feed(text));
    const out = messages.take();
    if (out.length > 0 || held <= longestEvent) return out;
    over = true;
    const error = { type: "server_error", message: "one event of the stream is larger than 64 MiB" };
    return [{ event: "error", data: JSON.stringify({ error }) }];
  };
  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    idle: () => [],
    fail: () => [],
    end: () => [...feed(decoder.decode()), ...feed("\n\n")],
  };
}
