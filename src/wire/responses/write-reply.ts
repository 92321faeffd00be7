import type { ReplyEvent } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Failure } from "../../model/failure.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { AcceptContext, ReplyWriter } from "../../model/wire.ts";
import type { ToolSpelling } from "./accept-tools.ts";
import type { Echo } from "./response-object.ts";
import { createItemWriter } from "./write-items.ts";

/** A reply as a stream of server-sent events, or as the object that the stream would have ended with. */
export function createReplyWriter(echo: Echo, spelling: ReadonlyMap<string, ToolSpelling>, context: AcceptContext): ReplyWriter {
  return {
    stream() {
      let sequence = 0;
      let started = false;
      const out = createOutbox<string>();
      // Field order and the space after the colon are OpenAI's own; each event is one string, because readers lose events that a write splits.
      const send = (type: string, fields: object) => {
        out.put(`event: ${type}\ndata: ${stringifyExactly({ type, sequence_number: sequence++, ...fields })}\n\n`);
      };
      const writer = createItemWriter(echo, spelling, context, send);
      // With what was said so far: OpenAI's own stream reader goes on from the response in this event.
      const inProgress = () => send("response.in_progress", { response: writer.response() });
      const start = () => {
        if (started) return;
        send("response.created", { response: echo.object({ status: "in_progress", output: [] }) });
        inProgress();
        started = true;
      };
      const put = (event: ReplyEvent) => {
        start();
        writer.put(event);
        return out.take();
      };
      const fail = (failure: Failure) => (writer.over() ? [] : put({ type: "failure", failure }));
      return {
        push: put,
        // Comments do not reset Codex's clock, and OpenAI's own stream reader refuses an event it does not know or that comes first.
        idle() {
          if (writer.over()) return [];
          if (started) inProgress();
          else start();
          return out.take();
        },
        fail,
        end: () => fail({ kind: "cut-off", origin: "provider", message: "The reply ended before it was complete." }),
      };
    },
    reply(events) {
      const writer = createItemWriter(echo, spelling, context, () => {});
      for (const event of events) writer.put(event);
      return writer.response();
    },
  };
}
