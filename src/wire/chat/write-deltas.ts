import type { ReplyEvent } from "../../model/event.ts";
import type { Seal } from "../../model/opaque.ts";
import { createFreeformReader } from "../freeform.ts";
import { type JsonObject, listOf } from "../json.ts";
import { ownFields } from "../own-fields.ts";
import { createContent } from "./content.ts";
import { openSeal, type Sealed, signatureFields, tellSeal } from "./seal.ts";

/** What a chunk adds to the message; of a call first what it is, then its arguments or its text in pieces. */
export type Delta = {
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

export type FunctionDelta = { readonly name?: string; readonly arguments: string };

export interface DeltaContext {
  /** The client asked with `functions`, and knows one `function_call` instead of `tool_calls`. */
  readonly legacy: boolean;
  /** Names of its tools that take free text. */
  readonly freeform: ReadonlySet<string>;
}

/** The delta that says an event, or undefined where it says nothing of its own. */
export function writeDeltas(context: DeltaContext): (event: ReplyEvent) => Delta | undefined {
  const content = createContent();
  const calls = writeCalls(context);
  let thought: string[] = [];
  let signature: string | undefined;
  return (event) => {
    switch (event.type) {
      case "text-start":
        content.beginText();
        return undefined;
      case "text-delta":
        return { content: content.add("text", event.text) };
      case "text-end":
        return annotated(content.endText());
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
        const extra = signatureFields(signature);
        signature = undefined;
        return calls.begin(event.id, event.name, extra);
      }
      case "tool-delta":
        return calls.add(event.json);
      case "tool-end":
        return calls.end();
      case "own":
        if (event.own.wire !== "chat") content.cite(event.own);
        return annotated(listOf(ownFields(event, "chat").annotations));
      case "opaque":
        if (event.part.text !== undefined && event.part.text !== "") return { content: content.add("block", event.part.text) };
        content.pass();
        return undefined;
      default:
        return undefined;
    }
  };
}

/** The calls of a reply, one after another. */
function writeCalls({ legacy, freeform }: DeltaContext) {
  let index = -1;
  let isEmpty = false;
  /** Of the call that is open, where its tool takes free text. */
  let reader: ReturnType<typeof createFreeformReader> | undefined;
  const say = (fields: Omit<CallDelta, "index">): Delta | undefined => {
    if (!legacy) return { tool_calls: [{ index, ...fields }] };
    // The old form can say one call.
    return index === 0 && fields.function !== undefined ? { function_call: fields.function } : undefined;
  };
  const written = (input: string) => (input === "" ? undefined : say({ custom: { input } }));
  return {
    begin(id: string, name: string, extra: object): Delta | undefined {
      index += 1;
      isEmpty = true;
      reader = freeform.has(name) ? createFreeformReader() : undefined;
      if (reader !== undefined) return say({ id, type: "custom", custom: { name, input: "" }, ...extra });
      return say({ id, type: "function", function: { name, arguments: "" }, ...extra });
    },
    add(json: string): Delta | undefined {
      isEmpty = false;
      return reader === undefined ? say({ function: { arguments: json } }) : written(reader.push(json));
    },
    end(): Delta | undefined {
      if (reader !== undefined) return written(reader.end().text);
      return isEmpty ? say({ function: { arguments: "{}" } }) : undefined;
    },
  };
}

const annotated = (annotations: readonly unknown[]): Delta | undefined => (annotations.length === 0 ? undefined : { annotations });

/**
 * A signature goes onto the call that follows, as Gemini writes it. All else is wrapped into an entry of reasoning details, which says who
 * made it: the client may meet another model next.
 */
function sealFields(seal: Seal, text: string): Sealed {
  const own = openSeal(seal);
  return own !== undefined && "signature" in own ? own : { details: tellSeal(seal, text) };
}
