import type { Seal } from "../../model/opaque.ts";
import type { EventsOut } from "../event-mend.ts";
import type { ReadyCall } from "../written/resolve-calls.ts";

/**
 * Writes text, thinking and calls as grammar-legal parts: a part opens with its first character, so that nothing empty is written, and
 * closes when another begins.
 */
export interface PartWriter {
  text(text: string, out: EventsOut): void;
  thinking(text: string, out: EventsOut): void;
  call(call: ReadyCall, out: EventsOut): void;
  /** With the seal of thinking, which may have said nothing. */
  close(out: EventsOut, seal?: Seal): void;
}

export function createPartWriter(): PartWriter {
  let open: "text" | "thinking" | undefined;
  const begin = (part: "text" | "thinking", out: EventsOut): void => {
    if (open === part) return;
    close(out);
    out.push({ type: `${part}-start` });
    open = part;
  };
  const close = (out: EventsOut, seal?: Seal): void => {
    if (seal !== undefined) begin("thinking", out);
    if (open !== undefined) out.push(seal === undefined ? { type: `${open}-end` } : { type: "thinking-end", seal });
    open = undefined;
  };
  const write =
    (part: "text" | "thinking") =>
    (text: string, out: EventsOut): void => {
      if (text === "") return;
      begin(part, out);
      out.push({ type: `${part}-delta`, text });
    };
  return {
    text: write("text"),
    thinking: write("thinking"),
    call({ id, name, json }, out) {
      close(out);
      out.push({ type: "tool-start", id, name });
      if (json !== "") out.push({ type: "tool-delta", json });
      out.push({ type: "tool-end" });
    },
    close,
  };
}
