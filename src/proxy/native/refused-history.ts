import type { WireName } from "../../model/opaque.ts";
import type { Attempt } from "../../route/memory.ts";
import { missingThinking, type RefusedHistory, refusedThinking } from "../refused-thinking.ts";
import type { Session } from "../session.ts";
import { refusedToolIds } from "./refused-tool-ids.ts";

/** All that another model may have left in a history that passes, and this target refuses: of a reply and of a count alike. */
export function refusedHistory(session: Session, wire: WireName, { target, quirks }: Attempt): readonly RefusedHistory[] {
  return [refusedThinking(session, wire, target), missingThinking(wire), refusedToolIds(session, wire, target, quirks)];
}
