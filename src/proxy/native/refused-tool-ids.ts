import { safeToolId } from "../../mend/tool-ids.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import { toolIdsRefused } from "../../route/refusals/conversation.ts";
import { type Target, targetName } from "../../route/target.ts";
import { replaceToolIds } from "../../wire/messages/replace-tool-ids.ts";
import type { RefusedHistory } from "../refused-thinking.ts";
import type { Session } from "../session.ts";

/**
 * Ids of calls that another model wrote, where a session changes to one whose server takes letters, digits, `_` and `-` only. Servers that
 * write others want them back, so that they are sent as they are to one that is not known to refuse them, and as others once it has.
 */
export function refusedToolIds({ refusedIds }: Session, wire: WireName, target: Target, quirks: Quirks): RefusedHistory {
  const name = targetName(target);
  const isKnown = () => wire === "messages" && (quirks.toolIds === "safe" || refusedIds.has(name));
  return {
    without: (body) => (isKnown() ? replaceToolIds(body, safeToolId) : body),
    after(failure, body) {
      if (wire !== "messages" || !toolIdsRefused.test(failure.message)) return undefined;
      const replaced = replaceToolIds(body, safeToolId);
      if (replaced === body) return undefined;
      refusedIds.add(name);
      return replaced;
    },
  };
}
