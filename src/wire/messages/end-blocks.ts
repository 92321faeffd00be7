import { type EventMend, mostOpen, readEvent } from "./mend-events.ts";

/**
 * Ends the blocks that are open where a stream whose bytes pass says why the reply stops: Claude Code takes a block that never ended for nothing
 * said, and asks for the turn a second time. An end that comes behind that would be the second.
 */
export function endBlocks(): EventMend {
  const open = new Set<unknown>();
  const ended = new Set<unknown>();
  return {
    mend(event, type) {
      switch (type) {
        case "content_block_start":
          if (open.size < mostOpen) open.add(readEvent(event)["index"]);
          return event;
        case "content_block_stop": {
          const { index } = readEvent(event);
          open.delete(index);
          return ended.has(index) ? Buffer.alloc(0) : event;
        }
        case "message_delta": {
          if (open.size === 0 || !saysWhy(event)) return event;
          const ends = Array.from(open, endOf);
          for (const index of open) ended.add(index);
          open.clear();
          return [...ends, event];
        }
        default:
          return event;
      }
    },
  };
}

/** An event of usage alone does not. */
export const saysWhy = (messageDelta: Buffer) => /"stop_reason"\s*:\s*"/.test(messageDelta.toString("latin1"));

function endOf(index: unknown): Buffer {
  return Buffer.from(`event: content_block_stop\ndata: ${JSON.stringify({ type: "content_block_stop", index })}\n\n`);
}
