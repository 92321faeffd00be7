import * as z from "zod/mini";
import { wireNames } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import { efforts } from "../../model/request.ts";
import { section } from "./section.ts";

const count = () => z.number().check(z.int(), z.positive());

/** The quirks of `model/quirks.ts` as people may write them in a configuration; the compiler holds the two lists together. */
export const quirksSchema = section(() => ({
  wire: z.optional(z.enum(wireNames)),
  maxTokensField: z.optional(z.enum(["max_tokens", "max_completion_tokens"])),
  maxOutput: z.optional(count()),
  minOutput: z.optional(count()),
  defaultOutput: z.optional(count()),
  refusedFields: z.optional(z.array(z.string())),
  refusedWhileThinking: z.optional(z.array(z.string())),
  knownFields: z.optional(z.array(z.string())),
  topK: z.optional(z.boolean()),
  maxStops: z.optional(z.number().check(z.int(), z.nonnegative())),
  longestStop: z.optional(count()),
  replySchema: z.optional(z.enum(["json_schema", "json_object", "none"])),
  schemaBesideTools: z.optional(z.boolean()),
  effortBesideTools: z.optional(z.boolean()),
  streams: z.optional(z.enum(["always", "never"])),
  systemRole: z.optional(z.enum(["system", "developer", "user"])),
  chatBody: z.optional(z.record(z.string(), z.unknown())),
  extraBody: z.optional(z.record(z.string(), z.unknown())),
  systemAnywhere: z.optional(z.boolean()),
  strictAlternation: z.optional(z.boolean()),
  assistantAfterTool: z.optional(z.boolean()),
  singleCalls: z.optional(z.boolean()),
  callsLast: z.optional(z.boolean()),
  outputMessages: z.optional(z.boolean()),
  wordlessCalls: z.optional(z.enum(["none", "empty"])),
  needsInstructions: z.optional(z.boolean()),
  namedResults: z.optional(z.boolean()),
  prefill: z.optional(z.enum(["trailing", "prefix", "continue_final_message", "refuse"])),
  echoesPrefill: z.optional(z.boolean()),
  images: z.optional(z.boolean()),
  mostImages: z.optional(count()),
  imageUrls: z.optional(z.boolean()),
  toolImages: z.optional(z.boolean()),
  documents: z.optional(z.enum(["file", "url", "placeholder"])),
  documentUrls: z.optional(z.boolean()),
  toolIds: z.optional(z.enum(["nine-letters", "short", "safe"])),
  hostedTools: z.optional(z.boolean()),
  webSearch: z.optional(z.partialRecord(z.enum(wireNames), z.string())),
  toolDescriptionLength: z.optional(count()),
  toolSchema: z.optional(z.enum(["plain", "boundless", "gemini", "moonshot", "no-meta"])),
  propertyNames: z.optional(z.enum(["safe", "no-type"])),
  forcedTools: z.optional(z.enum(["enforced", "required", "auto", "only-auto"])),
  toolsForHistory: z.optional(z.boolean()),
  reasoningRequest: z.optional(
    z.enum(["none", "reasoning_effort", "thinking", "enable_thinking", "chat_template_kwargs", "openrouter", "reasoning_enabled", "think"]),
  ),
  efforts: z.optional(z.array(z.enum([...efforts, "none"]))),
  reasoningField: z.optional(z.enum(["none", "reasoning_content", "reasoning", "both", "reasoning_details", "parts", "think-tags"])),
  reasoningTurns: z.optional(z.enum(["all", "calls", "current", "present", "either"])),
  noReasoning: z.optional(z.string()),
  clearsThinking: z.optional(z.boolean()),
  thoughtSignatures: z.optional(z.boolean()),
  wordlessOverflow: z.optional(z.boolean()),
  thinkTags: z.optional(z.enum(["start", "off", "preopened"])),
  textTools: z.optional(z.enum(["on", "off"])),
  refusedMessagesFields: z.optional(z.array(z.string())),
  thinkingOff: z.optional(z.enum(["disabled", "between_tools"])),
  thinkingBeforeCalls: z.optional(z.boolean()),
  betas: z.optional(z.enum(["all", "none"])),
  refusedBetas: z.optional(z.array(z.string())),
  apiVersion: z.optional(z.string()),
  countsTokens: z.optional(z.boolean()),
  keepsThreads: z.optional(z.boolean()),
  nativeFaults: z.optional(
    z.array(
      z.enum([
        "system-turns",
        "late-system",
        "arguments",
        "stop-sequences",
        "content-rules",
        "silent-truncation",
        "tool-kinds",
        "unknown-fields",
        "conversation",
        "unknown-parts",
      ]),
    ),
  ),
})).register(z.globalRegistry, { id: "quirks" });

type Output = Required<z.output<typeof quirksSchema>>;
type List<Value> = Value extends readonly (infer Item)[] ? readonly Item[] : Value;
type Written = { readonly [Key in keyof Output]: List<NonNullable<Output[Key]>> };
type Same = Required<Quirks> extends Written ? (Written extends Required<Quirks> ? true : false) : false;
/** Fails to compile when a quirk, or one of its values, is missing here or is none of the model's. */
void (true satisfies Same);
