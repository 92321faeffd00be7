import type { Failure } from "../model/failure.ts";
import type { Quirks } from "../model/quirks.ts";
import { over } from "../providers/quirks-of.ts";
import { encryptedRefused } from "../wire/failure/refused-capability.ts";
import { effortsLeftBy } from "./effort-refusals.ts";
import { streamingRefusedBy } from "./streaming.ts";
import { type Target, targetName } from "./target.ts";
import { confessedBy, longestDescription, refusedBesideTools, rewrittenFor } from "./template-refusals.ts";

/** What a launch has learned of its targets. A value: `learn` gives the next one. */
export interface Memory {
  /** Until when (milliseconds since the epoch) a key or a target is left alone, by `keyName` or the target's name. */
  readonly cooling: Readonly<Record<string, number>>;
  /** What a target has refused, as quirks to go over its own. */
  readonly refused: Readonly<Record<string, Quirks>>;
}

export const emptyMemory: Memory = { cooling: {}, refused: {} };

/** One try: a target, a key of its provider, and the quirks with what it has refused so far. */
export interface Attempt {
  readonly target: Target;
  /** The place of the key among the provider's; absent for a provider without keys. */
  readonly key?: number;
  readonly quirks: Quirks;
  /** Fewer output tokens than asked, for this one request. */
  readonly maxOutput?: number;
  /** Why this was chosen, where it is not the first choice. */
  readonly why?: string;
}

export interface Outcome {
  readonly attempt: Attempt;
  /** Absent: the target answered. */
  readonly failure?: Failure;
  /** The attempt went by the client's own wire, byte for byte. */
  readonly native?: boolean;
}

/** For how many seconds a target or a key is left alone after a failure that does not say so itself. */
const coolDown = {
  unauthorized: 300,
  forbidden: 300,
  "out-of-quota": 300,
  "not-found": 300,
  "rate-limited": 20,
  overloaded: 10,
  "timed-out": 60,
  upstream: 10,
  "cut-off": 5,
  unreachable: 15,
  "refused-by-policy": 300,
} as const;
/** What a provider asks for is believed up to here, in seconds. */
const longestCoolDown = 3600;

/** Failures after which another key of the same provider may do. */
export const ofTheKey = new Set<Failure["kind"]>(["unauthorized", "forbidden", "out-of-quota", "rate-limited"]);

export function keyName(target: Target, key: number): string {
  return `${target.provider.id}#${key}`;
}

export function learn(memory: Memory, { attempt, failure, native }: Outcome, now: number): Memory {
  const { target, key } = attempt;
  const name = targetName(target);
  const ownKey = key === undefined ? undefined : keyName(target, key);
  if (failure === undefined) {
    // Nearly every reply: nothing changes and nothing is copied.
    if (memory.cooling[name] === undefined && (ownKey === undefined || memory.cooling[ownKey] === undefined)) return memory;
    return { ...memory, cooling: without(memory.cooling, now, name, ownKey) };
  }
  const { kind } = failure;
  const refused = refusedBy(failure, native === true, attempt.quirks);
  if (refused !== undefined) return { ...memory, refused: { ...memory.refused, [name]: over(memory.refused[name] ?? {}, refused) } };
  // What a model wrote once says nothing of what it will write.
  if (failure.origin === "client" || failure.generation !== undefined || !(kind in coolDown)) return memory;
  const seconds = Math.min(failure.retryAfter ?? coolDown[kind as keyof typeof coolDown], longestCoolDown);
  const cooled = ownKey !== undefined && ofTheKey.has(kind) ? ownKey : name;
  return { ...memory, cooling: { ...without(memory.cooling, now), [cooled]: now + seconds * 1000 } };
}

export function isCool(memory: Memory, name: string, now: number): boolean {
  const left = (memory.cooling[name] ?? 0) - now;
  // A clock that was set back makes nothing cool for longer than anything is.
  return left > 0 && left <= longestCoolDown * 1000;
}

function without(cooling: Memory["cooling"], now: number, ...names: (string | undefined)[]): Memory["cooling"] {
  return Object.fromEntries(Object.entries(cooling).filter(([name, until]) => until > now && !names.includes(name)));
}

/** Fields that a chat or Responses request can do without. */
const removable = new Set([
  ...["max_tokens", "max_completion_tokens", "max_output_tokens", "temperature", "top_p", "top_k", "stop", "seed", "user"],
  ...["stream_options", "parallel_tool_calls", "tool_choice", "response_format", "reasoning_effort", "reasoning", "thinking"],
  ...["enable_thinking", "chat_template_kwargs", "think", "store", "metadata", "prompt_cache_key", "include", "text", "service_tier"],
  ...["reasoning_content", "cache_control", "strict", "frequency_penalty", "presence_penalty", "logprobs", "truncation"],
]);
/** Left out alone, where of any other path the whole object goes: beside these stand the effort, and the reply's schema. */
const alone = new Set(["reasoning.summary", "text.verbosity"]);
/** Fields that a Messages request can do without. */
const messagesOwn = new Set([
  "context_management",
  "output_config",
  "output_format",
  "container",
  "mcp_servers",
  "tools",
  "stop_sequences",
  "speed",
]);
/**
 * What newer agents say of tools and cache marks in a Messages request, by its own name, and its path. Bedrock, Vertex and servers that know
 * an older API: "tools.0.custom.defer_loading: Extra inputs are not permitted", "system.1.cache_control.ephemeral.scope: ...".
 */
const withinMessages: Readonly<Record<string, string>> = {
  cache_control: "cache_control",
  ttl: "cache_control.ttl",
  scope: "cache_control.scope",
  ...Object.fromEntries(
    ["allowed_callers", "defer_loading", "eager_input_streaming", "input_examples", "strict"].map((name) => [name, `tools.${name}`]),
  ),
};
/** DeepSeek: "The reasoning_content in the thinking mode must be passed back"; Kimi: "thinking is enabled but reasoning_content is missing". */
const reasoningMissing = /reasoning_content\b.{0,60}\b(?:must be passed|is missing|is required)|\bmissing\b.{0,20}\breasoning_content\b/i;
/** Ollama and others, of a model. */
const thinkingRefused = /(?:does not|doesn't) support thinking/i;
/** Fields of the OpenAI wires, whose clients do not leave out by themselves what a capability is refused for. */
const unlikeMessages = new Set(["reasoning", "reasoning_effort", "text", "response_format"]);
const limits = new Set(["max_tokens", "max_completion_tokens", "max_output_tokens"]);

/** What the same request could leave out, or say otherwise, to be taken by the target that has just refused it; `quirks`: what it was sent by. */
export function refusedBy(failure: Failure, native: boolean, quirks: Quirks): Quirks | undefined {
  // A request that was malformed to begin with names a field too, and no provider has seen it.
  if (failure.origin !== "provider") return undefined;
  const { field, capability } = failure.refused ?? {};
  // A template that takes no system turns takes none in any request: they are folded from now on, and bytes no longer pass.
  if (native && capability === "mid_conv_system") return { nativeFaults: ["system-turns"], systemAnywhere: false };
  if (failure.kind !== "bad-request" && failure.kind !== "refused-capability") return undefined;
  const streaming = streamingRefusedBy(failure.message, quirks);
  if (streaming !== undefined) return streaming;
  if (!native) {
    const confessed = confessedBy(failure.message, quirks) ?? effortsLeftBy(failure.message, field, quirks);
    if (confessed !== undefined) return confessed;
    if (capability === "mid_conv_system" && quirks.systemAnywhere === true) return { systemAnywhere: false };
  }
  const rewritten = native ? rewrittenFor(failure.message) : undefined;
  if (rewritten !== undefined) return rewritten;
  // Sealed for another key's organisation. In bytes that pass it is taken out by itself.
  if (!native && encryptedRefused.test(failure.message)) return { refusedFields: ["encrypted_content"] };
  const longest = longestDescription(failure.message);
  if (longest !== undefined) return { toolDescriptionLength: longest };
  // A schema for the reply is asked for in words, beside the plain JSON mode as long as that is taken.
  if (
    field?.startsWith("response_format") ||
    field?.startsWith("text.format") ||
    (!native && capability === "structured_outputs_unsupported")
  ) {
    if (quirks.replySchema === "none") return undefined;
    if (native && refusedBesideTools.test(failure.message)) return { schemaBesideTools: false };
    const wholly = field === "response_format" && !/json_|schema|structured|\btype\b|value/i.test(failure.message);
    return { replySchema: wholly || quirks.replySchema === "json_object" ? "none" : "json_object" };
  }
  // The model is one whose reasoning has to come back, behind a server of which nothing is known.
  if (reasoningMissing.test(failure.message)) {
    if (quirks.refusedFields?.includes("reasoning_content")) return undefined;
    return { reasoningField: "reasoning_content", reasoningTurns: "all", ...(native && { nativeFaults: ["conversation"] }) };
  }
  if (!native && (capability === "thinking_type:adaptive" || capability === "thinking_type:enabled"))
    return { refusedMessagesFields: [capability === "thinking_type:adaptive" ? "thinking.adaptive" : "thinking.enabled"] };
  // Claude's models that always think: '"thinking.type.disabled" is not supported for this model. Thinking defaults to adaptive mode'.
  if (field === "thinking.type.disabled") return { refusedMessagesFields: ["thinking.disabled"] };
  // Without the effort Claude Code would ask for thinking all the same.
  if (thinkingRefused.test(failure.message))
    return { refusedFields: ["reasoning_effort"], refusedMessagesFields: ["thinking", "output_config.effort"] };
  if (field === "reasoning_effort" || (!native && field === undefined && capability === "effort_unsupported"))
    return { refusedFields: ["reasoning_effort", "reasoning.effort"], refusedMessagesFields: ["output_config.effort"] };
  // Through the language every tool that the client runs is a function; what is refused then is one that the provider would run.
  if (field === "tools.type") {
    if (native) return { nativeFaults: ["tool-kinds"] };
    return quirks.hostedTools === false ? undefined : { hostedTools: false };
  }
  if (field === undefined) return undefined;
  const within = native ? withinMessages[field] : undefined;
  if (within !== undefined) return { refusedMessagesFields: [within], ...(removable.has(field) && { refusedFields: [field] }) };
  // Claude Code itself leaves out what is refused by a capability, and then for the whole session. How much a model may write it could
  // only guess: where the provider names the most, the next attempt keeps to it.
  const named = limits.has(field) && failure.limit?.max !== undefined && failure.limit.used === undefined;
  if (native && capability !== undefined && !named && !unlikeMessages.has(field.split(".")[0] ?? field)) return undefined;
  if (limits.has(field)) {
    if (/use\s+['"`]?max_completion_tokens/i.test(failure.message)) return { maxTokensField: "max_completion_tokens" };
    if (failure.limit?.used !== undefined) return undefined;
    if (failure.limit?.max !== undefined) return { maxOutput: failure.limit.max };
    // The Messages wire cannot do without it.
    return { refusedFields: [field] };
  }
  const [head = field] = field.split(".");
  // Bytes no longer pass then: the next attempt goes through the language, which can leave a field out.
  if (messagesOwn.has(head) && (native || head !== "tools")) return { refusedMessagesFields: [field] };
  // What a row or a configuration adds: one model of a provider may not know it.
  return removable.has(head) || Object.hasOwn(quirks.extraBody ?? {}, head)
    ? { refusedFields: [alone.has(field) ? field : head], refusedMessagesFields: [field] }
    : undefined;
}
