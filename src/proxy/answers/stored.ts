import type { Failure } from "../../model/failure.ts";
import type { Incoming } from "../exchange.ts";
import { queryOf } from "../incoming/request-target.ts";

/** GET or DELETE /v1/responses/{id}: a reply that was translated in this launch and is still remembered. */
export function answerStored({ session, id, request, downstream }: Incoming, asked: string, deletes: boolean): void {
  const { responses, options } = session;
  const refuse = (kind: Failure["kind"], message: string, field: string) =>
    downstream.answer(options.wires.clients.responses.writeFailure({ kind, origin: "client", message, refused: { field } }, id));
  const found = responses.find(asked);
  if (found === undefined) {
    const kept = "Kept are replies that were translated in this launch, but for those that said store: false.";
    refuse("not-found", `Response with id '${asked}' not found. ${kept}`, "response_id");
  } else if (!deletes && queryOf(request).get("stream") === "true") {
    // A reader of events makes nothing of JSON, without a word. OpenAI streams only what was begun in the background.
    refuse("bad-request", `Response with id '${asked}' cannot be streamed: it is kept whole. Ask for it without stream=true.`, "stream");
  } else {
    if (deletes) responses.forget(asked);
    downstream.answer({ status: 200, headers: {}, body: deletes ? { id: asked, object: "response", deleted: true } : found });
  }
}
