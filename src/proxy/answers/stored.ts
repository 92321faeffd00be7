import type { Failure } from "../../model/failure.ts";
import { listItems } from "../../wire/responses/list-items.ts";
import type { Incoming } from "../exchange.ts";
import type { StoredWish } from "../incoming/endpoint.ts";
import { queryOf } from "../incoming/request-target.ts";

/** GET or DELETE /v1/responses/{id}, or what it was asked with: a reply that was translated in this launch and is still remembered. */
export function answerStored({ session, id, request, downstream }: Incoming, asked: string, wants: StoredWish): void {
  const { responses, options } = session;
  const refuse = (kind: Failure["kind"], message: string, field: string) =>
    downstream.answer(options.wires.clients.responses.writeFailure({ kind, origin: "client", message, refused: { field } }, id));
  const ok = (body: unknown) => downstream.answer({ status: 200, headers: {}, body });
  const query = queryOf(request);
  const found = responses.find(asked);
  if (found === undefined) {
    const kept = "Kept are replies that were translated in this launch, but for those that said store: false.";
    refuse("not-found", `Response with id '${asked}' not found. ${kept}`, "response_id");
  } else if (wants === "input") {
    ok(listItems(responses.inputOf(asked), { order: query.get("order"), limit: query.get("limit"), after: query.get("after") }));
  } else if (wants === "deletion") {
    responses.forget(asked);
    ok({ id: asked, object: "response", deleted: true });
  } else if (query.get("stream") === "true") {
    // A reader of events makes nothing of JSON, without a word. OpenAI streams only what was begun in the background.
    refuse("bad-request", `Response with id '${asked}' cannot be streamed: it is kept whole. Ask for it without stream=true.`, "stream");
  } else ok(found);
}
