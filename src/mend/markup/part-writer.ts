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
  const openThinking = (out: EventsOut): void => {
    if (open === "thinking") return;
    close(out);
    out.push({ type: "thinking-start" });
    open = "thinking";
  };
  const close = (out: EventsOut, seal?: Seal): void => {
    if (seal !== undefined) {
      openThinking(out);
      out.push({ type: "thinking-end", seal });
    } else if (open !== undefined) out.push({ type: `${open}-end` });
    open = undefined;
  };
  return {
    close,
    text(text, out) {
      if (text === "") return;
      if (open !== "text") {
        close(out);
        out.push({ type: "text-start" });
        open = "text";
      }
      out.push({ type: "text-delta", text });
    },
    thinking(text, out) {
      if (text === "") return;
      openThinking(out);
      out.push({ type: "thinking-delta", text });
    },
    call({ id, name, json }, out) {
      close(out);
      out.push({ type: "tool-start", id, name });
      if (json !== "") out.push({ type: "tool-delta", json });
      out.push({ type: "tool-end" });
    },
  };
}
