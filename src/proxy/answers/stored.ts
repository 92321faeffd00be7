import type { Incoming } from "../incoming/incoming.ts";
import type { Session } from "../session.ts";

/** GET or DELETE /v1/responses/{id}: a reply that was translated in this launch and is still remembered. */
export function answerStored({ responses, options }: Session, { id, downstream }: Incoming, asked: string, deletes: boolean): void {
  const found = responses.find(asked);
  if (found !== undefined) {
    if (deletes) responses.forget(asked);
    downstream.answer({ status: 200, headers: {}, body: deletes ? { id: asked, object: "response", deleted: true } : found });
    return;
  }
  const message = `Response with id '${asked}' not found. Kept are replies that were translated in this launch, but for those that said store: false.`;
  const failure = { kind: "not-found", origin: "client", message, refused: { field: "response_id" } } as const;
  downstream.answer(options.wires.clients.responses.writeFailure(failure, id));
}
