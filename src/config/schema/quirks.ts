import * as z from "zod";
import { wireNames } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import { efforts } from "../../model/request.ts";
import { section } from "./section.ts";

const count = () => z.number().int().positive();

/** The quirks of `model/quirks.ts` as people may write them in a configuration; the compiler holds the two lists together. */
export const quirksSchema = section(() => ({
  wire: z.enum(wireNames).optional(),
  maxTokensField: z.enum(["max_tokens", "max_completion_tokens"]).optional(),
  maxOutput: count().optional(),
  minOutput: count().optional(),
  defaultOutput: count().optional(),
  refusedFields: z.array(z.string()).optional(),
  refusedWhileThinking: z.array(z.string()).optional(),
  knownFields: z.array(z.string()).optional(),
  topK: z.boolean().optional(),
  maxStops: z.number().int().nonnegative().optional(),
  longestStop: count().optional(),
  replySchema: z.enum(["json_schema", "json_object", "none"]).optional(),
  schemaBesideTools: z.boolean().optional(),
  effortBesideTools: z.boolean().optional(),
  streams: z.enum(["always", "never"]).optional(),
  systemRole: z.enum(["system", "developer", "user"]).optional(),
  chatBody: z.record(z.string(), z.unknown()).optional(),
  extraBody: z.record(z.string(), z.unknown()).optional(),
  systemAnywhere: z.boolean().optional(),
  strictAlternation: z.boolean().optional(),
  assistantAfterTool: z.boolean().optional(),
  singleCalls: z.boolean().optional(),
  callsLast: z.boolean().optional(),
  outputMessages: z.boolean().optional(),
  wordlessCalls: z.enum(["none", "empty"]).optional(),
  needsInstructions: z.boolean().optional(),
  namedResults: z.boolean().optional(),
  prefill: z.enum(["trailing", "prefix", "continue_final_message", "refuse"]).optional(),
  echoesPrefill: z.boolean().optional(),
  images: z.boolean().optional(),
  mostImages: z.int().positive().optional(),
  imageUrls: z.boolean().optional(),
  toolImages: z.boolean().optional(),
  documents: z.enum(["file", "url", "placeholder"]).optional(),
  documentUrls: z.boolean().optional(),
  toolIds: z.enum(["nine-letters", "short", "safe"]).optional(),
  hostedTools: z.boolean().optional(),
  webSearch: z.partialRecord(z.enum(wireNames), z.string()).optional(),
  toolDescriptionLength: count().optional(),
  toolSchema: z.enum(["plain", "boundless", "gemini", "moonshot", "no-meta"]).optional(),
  propertyNames: z.enum(["safe", "no-type"]).optional(),
  forcedTools: z.enum(["enforced", "required", "auto", "only-auto"]).optional(),
  toolsForHistory: z.boolean().optional(),
  reasoningRequest: z
    .enum(["none", "reasoning_effort", "thinking", "enable_thinking", "chat_template_kwargs", "openrouter", "reasoning_enabled", "think"])
    .optional(),
  efforts: z.array(z.enum([...efforts, "none"])).optional(),
  reasoningField: z.enum(["none", "reasoning_content", "reasoning", "both", "reasoning_details", "parts", "think-tags"]).optional(),
  reasoningTurns: z.enum(["all", "calls", "current", "present", "either"]).optional(),
  noReasoning: z.string().optional(),
  clearsThinking: z.boolean().optional(),
  thoughtSignatures: z.boolean().optional(),
  wordlessOverflow: z.boolean().optional(),
  thinkTags: z.enum(["start", "off", "preopened"]).optional(),
  textTools: z.enum(["on", "off"]).optional(),
  refusedMessagesFields: z.array(z.string()).optional(),
  thinkingOff: z.enum(["disabled", "between_tools"]).optional(),
  thinkingBeforeCalls: z.boolean().optional(),
  betas: z.enum(["all", "none"]).optional(),
  refusedBetas: z.array(z.string()).optional(),
  apiVersion: z.string().optional(),
  countsTokens: z.boolean().optional(),
  keepsThreads: z.boolean().optional(),
  nativeFaults: z
    .array(
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
    )
    .optional(),
})).meta({ id: "quirks" });

type Output = Required<z.output<typeof quirksSchema>>;
type List<Value> = Value extends readonly (infer Item)[] ? readonly Item[] : Value;
type Written = { readonly [Key in keyof Output]: List<NonNullable<Output[Key]>> };
type Same = Required<Quirks> extends Written ? (Written extends Required<Quirks> ? true : false) : false;
/** Fails to compile when a quirk, or one of its values, is missing here or is none of the model's. */
void (true satisfies Same);
