import type { ReplyEvent } from "../../model/event.ts";
import type { Seal } from "../../model/opaque.ts";
import { createFreeformReader } from "../freeform.ts";
import { type JsonObject, listOf } from "../json.ts";
import { ownFields } from "../own-fields.ts";
import { openSeal, type Sealed, signatureFields, tellSeal } from "./seal.ts";
import { gapBetween, type Said } from "./text-gap.ts";
import { gatherCitations } from "./write-citations.ts";

/** What a chunk adds to the message; of a call first what it is, then its arguments or its text in pieces. */
type Delta = {
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly JsonObject[];
  readonly tool_calls?: readonly [CallDelta];
  readonly function_call?: FunctionDelta;
  readonly annotations?: readonly unknown[];
};

export type CallDelta = {
  readonly index: number;
  readonly id?: string;
  readonly type?: "function" | "custom";
  readonly function?: FunctionDelta;
  readonly custom?: { readonly name?: string; readonly input: string };
};

type FunctionDelta = { readonly name?: string; readonly arguments: string };

export interface DeltaContext {
  /** The client asked with `functions`, and knows one `function_call` instead of `tool_calls`. */
  readonly legacy: boolean;
  /** Names of its tools that take free text. */
  readonly freeform: ReadonlySet<string>;
}

/** The delta that says an event, or undefined where it says nothing of its own. */
export function writeDeltas({ legacy, freeform }: DeltaContext): (event: ReplyEvent) => Delta | undefined {
  let index = -1;
  let empty = false;
  /** What the content ends with, once there is some. */
  let before: Said | undefined;
  /** Characters of the content, and where in it the text that is open began. */
  let length = 0;
  let began = 0;
  const citations = gatherCitations();
  let thought: string[] = [];
  let signature: string | undefined;
  /** Of the call that is open, where its tool takes free text. */
  let reader: ReturnType<typeof createFreeformReader> | undefined;
  const call = (fields: Omit<CallDelta, "index">): Delta | undefined => {
    if (!legacy) return { tool_calls: [{ index, ...fields }] };
    // The old form can say one call.
    return index === 0 && fields.function !== undefined ? { function_call: fields.function } : undefined;
  };
  const content = (kind: Said, text: string): Delta => {
    const gap = before === undefined ? "" : gapBetween(before, kind);
    before = kind;
    length += gap.length + text.length;
    return { content: gap + text };
  };
  const written = (input: string) => (input === "" ? undefined : call({ custom: { input } }));
  return (event) => {
    switch (event.type) {
      case "text-start":
        began = -1;
        return undefined;
      case "text-delta": {
        const delta = content("text", event.text);
        if (began < 0) began = length - event.text.length;
        return delta;
      }
      case "text-end":
        return annotated(began < 0 ? [] : citations.tell(began, length));
      case "thinking-delta":
        thought.push(event.text);
        return { reasoning_content: event.text };
      case "thinking-end": {
        const text = thought.join("");
        thought = [];
        const told = event.seal === undefined ? undefined : sealFields(event.seal, text);
        if (told !== undefined && "signature" in told) signature = told.signature;
        return told !== undefined && "details" in told ? { reasoning_details: told.details } : undefined;
      }
      case "tool-start": {
        index += 1;
        empty = true;
        const extra = signatureFields(signature);
        signature = undefined;
        reader = freeform.has(event.name) ? createFreeformReader() : undefined;
        if (reader !== undefined) return call({ id: event.id, type: "custom", custom: { name: event.name, input: "" }, ...extra });
        return call({ id: event.id, type: "function", function: { name: event.name, arguments: "" }, ...extra });
      }
      case "tool-delta":
        empty = false;
        return reader === undefined ? call({ function: { arguments: event.json } }) : written(reader.push(event.json));
      case "tool-end":
        if (reader !== undefined) return written(reader.end().text);
        return empty ? call({ function: { arguments: "{}" } }) : undefined;
      case "own": {
        if (event.own.wire !== "chat") citations.take(event.own);
        return annotated(listOf(ownFields(event, "chat").annotations));
      }
      case "opaque":
        if (event.part.text !== undefined && event.part.text !== "") return content("block", event.part.text);
        // A search, or the beginning of another message: servers of this wire part no text by it.
        before &&= "other";
        return undefined;
      default:
        return undefined;
    }
  };
}

const annotated = (annotations: readonly unknown[]): Delta | undefined => (annotations.length === 0 ? undefined : { annotations });

/**
 * A signature goes onto the call that follows, as Gemini writes it. All else is wrapped into an entry of reasoning details, which says who
 * made it: the client may meet another model next.
 */
function sealFields(seal: Seal, text: string): Sealed {
  const own = openSeal(seal, undefined);
  return own !== undefined && "signature" in own ? own : { details: tellSeal(seal, text) };
}
