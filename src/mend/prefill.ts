import { isCall } from "../model/calls.ts";
import type { ReplyEvent } from "../model/event.ts";
import { createOutbox } from "../model/outbox.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Request } from "../model/request.ts";
import type { Stage } from "../model/stage.ts";
import { eventMend } from "./event-mend.ts";

/** What the client wrote as the beginning of the answer: an assistant turn at the end. */
function prefillOf(request: Request): string {
  const last = request.turns.at(-1);
  if (last?.role !== "assistant" || last.parts.some(isCall)) return "";
  return last.parts
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("")
    .trimEnd();
}

/** Where templates refuse such a beginning, the model is asked to go on from it. */
export function mendPrefill(request: Request, quirks: Quirks): Request {
  if (quirks.prefill !== "refuse" || prefillOf(request) === "") return request;
  const ask = "Continue your last message exactly where it stops. Do not repeat any of it.";
  return { ...request, turns: [...request.turns, { role: "user", parts: [{ type: "text", text: ask }] }] };
}

/** What of the prefill the reply may repeat. */
export function echoOf(request: Request, quirks: Quirks): string {
  return quirks.prefill === "refuse" || quirks.echoesPrefill ? prefillOf(request) : "";
}

/** Takes the repeated prefill off the reply's first text, which otherwise the client would have twice. */
export function stripEcho(echo: string): Stage<ReplyEvent, ReplyEvent> {
  const out = createOutbox<ReplyEvent>();
  let at: number | undefined = 0;
  const release = (): void => {
    if (at !== undefined && at > 0) out.put({ type: "text-delta", text: echo.slice(0, at) });
    at = undefined;
  };
  return eventMend((event) => {
    if (at === undefined) {
      out.put(event);
      return;
    }
    if (event.type !== "text-delta") {
      if (event.type === "text-end" || event.type === "failure") release();
      out.put(event);
      return;
    }
    let index = 0;
    while (index < event.text.length && at < echo.length && event.text[index] === echo[at]) {
      index += 1;
      at += 1;
    }
    if (at === echo.length) {
      at = undefined;
      if (index < event.text.length) out.put({ type: "text-delta", text: event.text.slice(index) });
      return;
    }
    if (index === event.text.length) return;
    at -= index;
    release();
    out.put(event);
  }, out);
}
