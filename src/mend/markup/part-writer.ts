import type { ReplyEvent } from "../../model/event.ts";
import type { Seal } from "../../model/opaque.ts";
import type { Outbox } from "../../model/outbox.ts";
import type { ReadyCall } from "../written/resolve-calls.ts";

/**
 * Writes text, thinking and calls as grammar-legal parts: a part opens with its first character, so that nothing empty is written, and
 * closes when another begins.
 */
export function createPartWriter(out: Outbox<ReplyEvent>) {
  let open: "text" | "thinking" | undefined;
  const begin = (part: "text" | "thinking"): void => {
    if (open === part) return;
    close();
    out.put({ type: `${part}-start` });
    open = part;
  };
  /** With the seal of thinking, which may have said nothing. */
  const close = (seal?: Seal): void => {
    if (seal !== undefined) begin("thinking");
    if (open !== undefined) out.put(seal === undefined ? { type: `${open}-end` } : { type: "thinking-end", seal });
    open = undefined;
  };
  const write =
    (part: "text" | "thinking") =>
    (text: string): void => {
      if (text === "") return;
      begin(part);
      out.put({ type: `${part}-delta`, text });
    };
  return {
    text: write("text"),
    thinking: write("thinking"),
    call({ id, name, json }: ReadyCall): void {
      close();
      out.put({ type: "tool-start", id, name });
      if (json !== "") out.put({ type: "tool-delta", json });
      out.put({ type: "tool-end" });
    },
    close,
  };
}
