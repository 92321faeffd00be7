import { isCut, type ReplyEvent } from "../../model/event.ts";
import { parseExactly } from "../../model/exact-json.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import { withOwnOfReply } from "../own-fields.ts";
import { writeBlocks } from "./write-blocks.ts";
import type { ReplyNames } from "./write-stream.ts";

/** A whole reply as one message: the blocks that the stream of the same events has. */
export function writeWhole(reply: ReplyNames, events: readonly ReplyEvent[]): unknown {
  // In a stream a call that the limit cut is JSON that does not parse; here there is no way to say it so that it cannot run.
  const isLimited = events.some((event) => event.type === "reply-end" && isCut(event.stop.reason));
  const content: JsonObject[] = [];
  let block: JsonObject = {};
  let pieces: string[] = [];
  let citations: unknown[] = [];
  let id = "";
  let beginning: JsonObject = {};
  let ending: JsonObject = {};

  const write = writeBlocks({
    begin(given, usage, own) {
      id = reply.id(given);
      beginning = { ...own, usage };
    },
    open(given) {
      block = given;
      pieces = [];
      citations = [];
    },
    cite: (citation) => void citations.push(citation),
    add: (piece) => void pieces.push(piece),
    sign(signature) {
      block = { ...block, signature };
    },
    close() {
      const said = pieces.join("");
      if (block.type !== "tool_use") {
        content.push({ ...block, [String(block.type)]: said, ...(citations.length === 0 ? {} : { citations }) });
        return;
      }
      const input = readArguments(said);
      const note = `The arguments of this call to ${block.name} could not be read: ${said}`;
      if (input !== undefined) content.push({ ...block, input });
      else if (!isLimited) content.push({ type: "text", text: note }, block);
    },
    put: (whole) => void content.push(whole),
    end(stop, usage, { delta, ...own }) {
      ending = { ...own, ...withOwnOfReply({ ...stop }, objectOf(delta)), usage };
    },
  });
  for (const event of events) write(event);
  const names = { id, type: "message", role: "assistant", model: reply.model };
  return { ...names, content, ...withOwnOfReply(ending, beginning) };
}

/** A call's input can only be an object here; where the arguments are none, nobody can say which was meant. */
function readArguments(json: string): JsonObject | undefined {
  if (json.trim() === "") return {};
  const value = parseExactly(json);
  return isObject(value) ? value : undefined;
}
