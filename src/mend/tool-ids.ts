import { Buffer } from "node:buffer";
import type { ReplyEvent } from "../model/event.ts";
import { replaceEach, replaceParts } from "../model/lists.ts";
import type { WireName } from "../model/opaque.ts";
import { createQueue, type Queue } from "../model/queue.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Request, ToolCallPart, ToolResultPart, Turn } from "../model/request.ts";
import type { Ids, Stage } from "../model/stage.ts";
import { eventMend } from "./event-mend.ts";
import type { LongIds } from "./long-ids.ts";
import { shortHash } from "./short-hash.ts";

/**
 * Clients and Anthropic's API accept only ids of letters, digits, `_` and `-`, unique in a conversation. Some models write others
 * (`functions.Bash:0`), and their servers want those back, on the Messages wire too. So the client gets an id that contains the provider's and
 * needs no state: `fcc`, the number of times that the id has occurred before, and the id in base64url.
 */
const legal = /^[A-Za-z0-9_-]+$/;
const longest = 64;
const carrier = /^fcc(\d+)_([A-Za-z0-9_-]+)$/;

function carry(id: string, round: number): string {
  return `fcc${round}_${Buffer.from(id, "utf8").toString("base64url")}`;
}

/** The provider's id inside one of fcc's; any other id as it is. */
function providerToolId(id: string): string {
  const encoded = carrier.exec(id)?.[2];
  return encoded === undefined ? id : Buffer.from(encoded, "base64url").toString("utf8");
}

/** An id that Anthropic's API accepts, for one that another provider's model wrote. */
export function safeToolId(id: string): string {
  return legal.test(id) ? id : carry(id, 0);
}

export function sendToolIds(request: Request, quirks: Quirks, wire: WireName, long: LongIds): Request {
  if (quirks.toolIds === "safe") return { ...request, turns: withIds(request.turns, { send: safeToolId, again: carry, throughout: true }) };
  const send = (id: string): string => {
    const original = long.original(id);
    const own = original ?? providerToolId(id);
    if (quirks.toolIds === "nine-letters") return /^[A-Za-z0-9]{9}$/.test(own) ? own : shortHash(own, 9);
    if (quirks.toolIds === "short") return own.length <= 40 ? own : `call_${shortHash(own, 24)}`;
    // OpenAI's Responses API refuses a longer id; a server that wrote one itself gets it back.
    return wire === "responses" && original === undefined && own.length > longest ? `call_${shortHash(own, 32)}` : own;
  };
  const again = (id: string, round: number): string =>
    quirks.toolIds === "nine-letters" ? shortHash(`${id}#${round}`, 9) : `call_${shortHash(`${id}#${round}`, 24)}`;
  return { ...request, turns: withIds(request.turns, { send, again, throughout: wire === "responses" }) };
}

/** How calls are named to a server. */
interface SentIds {
  readonly send: (id: string) => string;
  /** Where the same has occurred so many times before. */
  readonly again: (id: string, round: number) => string;
  /**
   * No id may occur twice in the whole conversation: "`tool_use` ids must be unique" (Anthropic), "Duplicate function_call_output for call_id"
   * (a Responses server, whose items are in no turns: NousResearch/hermes-agent#102629). Elsewhere none in one turn, since some models number
   * their calls anew in each reply, and their servers want those ids back.
   */
  readonly throughout: boolean;
}

/** Results follow their calls in the same order. */
function withIds(turns: readonly Turn[], { send, again, throughout }: SentIds): readonly Turn[] {
  let rounds = new Map<string, number>();
  let called = new Map<string, Queue<string>>();
  return replaceEach(turns, (turn) => {
    if (turn.role === "system") return turn;
    if (turn.role === "user")
      return replaceParts(turn, (part) =>
        part.type === "tool-result" ? withId(part, called.get(part.id)?.shift() ?? send(part.id)) : part,
      );
    called = new Map();
    if (!throughout) rounds = new Map();
    return replaceParts(turn, (part) => {
      if (part.type !== "tool-call") return part;
      const own = send(part.id);
      const round = rounds.get(own) ?? 0;
      rounds.set(own, round + 1);
      const id = round === 0 ? own : again(part.id, round);
      const same = called.get(part.id) ?? createQueue<string>();
      called.set(part.id, same);
      same.push(id);
      return withId(part, id);
    });
  });
}

function withId<Part extends ToolCallPart | ToolResultPart>(part: Part, id: string): Part {
  return id === part.id ? part : { ...part, id };
}

/**
 * Gives each call of a reply an id that a client accepts: of legal characters, at most 64 of them where the provider's is longer, and not yet
 * in the conversation. `used`: the ids in its history, as the client has them.
 */
export function receiveToolIds(used: ReadonlySet<string>, ids: Ids, long: LongIds): Stage<ReplyEvent, ReplyEvent> {
  const inReply = new Set<string>();
  const own = new Set<string>();
  const receive = (id: string): string => {
    // Where two calls of one reply have the same id, the second needs another at the provider too.
    if (id === "" || own.has(id)) return ids.next("call_");
    own.add(id);
    const other = (round: number) => (id.length > longest ? long.shorten(id, round) : carry(id, round));
    const asItIs = legal.test(id) && !carrier.test(id) && id.length <= longest;
    let received = asItIs ? id : other(0);
    for (let round = asItIs ? 0 : 1; used.has(received) || inReply.has(received); round += 1) received = other(round);
    return received;
  };
  return eventMend((event, out) => {
    if (event.type !== "tool-start") {
      out.put(event);
      return;
    }
    const id = receive(event.id);
    inReply.add(id);
    out.put(id === event.id ? event : { ...event, id });
  });
}
