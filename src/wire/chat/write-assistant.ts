import { append, flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { AssistantTurn, TextPart, ToolCallPart } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { argumentsInHistory } from "../arguments-in-history.ts";
import { isSealFor } from "../envelope.ts";
import type { JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";
import { withoutFields } from "../without-fields.ts";
import { messageFields } from "./own-of-message.ts";
import { openSeal, signatureFields } from "./seal.ts";
import { gapBetween, type Said } from "./text-gap.ts";
import { type ContentPart, ownOfText, writePart } from "./write-content.ts";

/** What Google documents for calls whose signature is not to be had, since another model made them. */
const noSignature = "skip_thought_signature_validator";

/** An assistant turn as one message, or none where nothing of it can be said. `current`: it came after the last user's words. */
export function writeAssistant(turn: AssistantTurn, { maker, quirks }: OpenContext, current: boolean): JsonObject | undefined {
  const gathered = gather(turn, quirks.refusedFields?.includes("thought_signature") ? undefined : maker);
  const { text, refusal, reasoning, details, calls } = gathered;
  const hasCalls = calls.length > 0;
  const field = carries(quirks, gathered, current) ? (quirks.reasoningField ?? "none") : "none";
  // Where reasoning comes back in the wrong field, the refusal names that field of the message.
  const told = withoutFields(earlierReasoning(field, reasoning || (quirks.noReasoning ?? ""), details), quirks.refusedFields);
  const fields = messageFields(turn.parts);
  const thinking = { ...ownReasoning(turn, quirks), ...told };
  const tagged = field === "think-tags" && reasoning !== "" ? `<think>\n${reasoning}\n</think>\n\n` : "";
  const said = tagged + text;
  const parts = field === "none" ? ownParts(turn, quirks) : undefined;
  const blank = said.trim() === "";
  const isElsewhere = hasCalls || refusal !== "" || "audio" in fields;
  if (blank && !isElsewhere && Object.keys(thinking).length === 0) return undefined;

  const nothing = isElsewhere && quirks.wordlessCalls !== "empty" ? null : "";
  const plain = blank ? nothing : said;
  return {
    role: "assistant",
    content: parts ?? (field === "parts" && reasoning !== "" ? inParts(reasoning, blank ? "" : said) : plain),
    ...(refusal === "" ? {} : { refusal }),
    ...fields,
    ...thinking,
    ...(hasCalls ? { tool_calls: writeCalls(calls, quirks, details.length > 0) } : {}),
  };
}

/** The reasoning in the fields by which a client of the server's own wire gives it, where it is not known how the server takes it. */
function ownReasoning({ parts }: AssistantTurn, { reasoningField, refusedFields }: Quirks): JsonObject {
  if (reasoningField !== undefined || !parts.some(({ type }) => type === "thinking")) return {};
  const fields = parts.flatMap((part) => (part.type === "thinking" ? [ownFields(part, "chat")] : []));
  return withoutFields(Object.assign({}, ...fields), refusedFields);
}

/** The parts of a content of which more is said than their text. */
function ownParts({ parts }: AssistantTurn, quirks: Quirks): readonly ContentPart[] | undefined {
  if (!parts.some((part) => part.type === "text" && part.own !== undefined)) return undefined;
  const texts = parts.filter((part) => part.type === "text" && !isRefusal(part));
  const isMarked = texts.some((part) => part.type === "text" && Object.keys(ownOfText(part, quirks)).length > 0);
  return isMarked ? flatMap(texts, (part) => (part.type === "text" ? writePart(part, quirks) : [])) : undefined;
}

const isRefusal = (part: TextPart): boolean => ownFields(part, "chat").refusal !== undefined;

interface Call {
  readonly call: ToolCallPart;
  /** The one that came with it. */
  readonly signature: string | undefined;
}

type Gathered = ReturnType<typeof gather>;

/** What the parts of a turn say, each kind by itself, as the wire has them. Without a maker no seal is opened. */
function gather(turn: AssistantTurn, maker: string | undefined) {
  let text = "";
  let refusal = "";
  let before: Said = "text";
  let signature: string | undefined;
  const thoughts: string[] = [];
  const details: JsonObject[] = [];
  const calls: Call[] = [];
  for (const part of turn.parts) {
    if (part.type === "text" && isRefusal(part)) {
      refusal += part.text;
      continue;
    }
    if (part.type === "text" || (part.type === "opaque" && part.text !== undefined && part.text !== "")) {
      const said = part.text ?? "";
      const kind = part.type === "opaque" ? "block" : "text";
      if (text !== "" && said !== "") text += gapBetween(before, kind);
      text += said;
      before = kind;
      continue;
    }
    before = "other";
    if (part.type === "thinking") {
      if (part.text !== "") thoughts.push(part.text);
      const sealed = maker !== undefined && isSealFor(part.seal, "chat", maker) ? openSeal(part.seal) : undefined;
      if (sealed !== undefined && "details" in sealed) append(details, sealed.details);
      if (sealed !== undefined && "signature" in sealed) signature = sealed.signature;
    } else if (part.type === "tool-call") {
      calls.push({ call: part, signature });
      signature = undefined;
    }
  }
  return { text, refusal, reasoning: thoughts.join("\n"), details, calls };
}

/** Where a call may carry the signature that is refused. */
const ofSignature = ["extra_content", "provider_specific_fields"];

/** `sealed`: the provider has its own reasoning back, with the signatures that it gave. */
function writeCalls(calls: readonly Call[], { thoughtSignatures: signs, refusedFields }: Quirks, sealed: boolean): JsonObject[] {
  const refused = refusedFields?.includes("thought_signature") ? ofSignature : [];
  const unsigned = !sealed && calls.every(({ signature }) => signature === undefined);
  return calls.map(({ call, signature }, at) => ({
    ...withoutFields(ownFields(call, "chat"), refused),
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: argumentsInHistory(call.arguments) },
    ...(signs ? signatureFields(unsigned && at === 0 ? noSignature : signature) : {}),
  }));
}

/** Whether this turn is one of those that carry reasoning. */
function carries({ reasoningTurns = "present" }: Quirks, { text, reasoning, details, calls }: Gathered, current: boolean): boolean {
  const hasCalls = calls.length > 0;
  const present = reasoning !== "" || details.length > 0;
  switch (reasoningTurns) {
    case "all":
      return true;
    case "calls":
      return hasCalls;
    case "current":
      return current && (hasCalls || present);
    case "present":
      return present;
    case "either":
      return present && !(hasCalls && text.trim() !== "");
  }
}

/** Mistral's form: thinking among the parts of the content. */
function inParts(reasoning: string, text: string): JsonObject[] {
  const thinking = { type: "thinking", thinking: [{ type: "text", text: reasoning }] };
  return text === "" ? [thinking] : [thinking, { type: "text", text }];
}

/** Reasoning in the provider's field. Where there was none, the field stands for the provider that checks that it is there. */
function earlierReasoning(field: NonNullable<Quirks["reasoningField"]>, text: string, details: readonly JsonObject[]): JsonObject {
  switch (field) {
    case "reasoning_content":
      return { reasoning_content: text };
    case "reasoning":
      return { reasoning: text };
    case "both":
      return { reasoning: text, reasoning_content: text };
    case "reasoning_details":
      if (details.length > 0) return { reasoning_details: details };
      return text === "" ? {} : { reasoning: text };
    default:
      return {};
  }
}
