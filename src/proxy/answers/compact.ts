import { openCompaction } from "../../wire/responses/compact.ts";
import type { Incoming } from "../exchange.ts";
import type { Body } from "../incoming/body.ts";
import { acceptBody } from "./accept.ts";
import { answerReply, type Form } from "./reply.ts";

/**
 * POST /v1/responses/compact: the target's own where it has one; else its model is asked for a summary in an ordinary request, and the
 * reply is written as what this endpoint answers.
 */
export function answerCompact(incoming: Incoming, body: Body): Promise<void> {
  const { session } = incoming;
  const { ids, clock } = session.options;
  const accept: Form["accept"] = (json) => {
    const expanded = session.responses.expand(json);
    if ("failure" in expanded) return expanded;
    const compaction = openCompaction(expanded.body, { ids, now: Math.floor(clock() / 1000) });
    if ("failure" in compaction) return compaction;
    const accepted = acceptBody(session, "responses", compaction.body);
    if ("failure" in accepted) return accepted;
    const { request: asked, write } = accepted;
    return { request: asked, write: { ...write, reply: (events) => compaction.answer(write.reply(events)) } };
  };
  return answerReply(incoming, "responses", body, { below: "/compact", accept });
}
