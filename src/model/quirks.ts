import type { WireName } from "./opaque.ts";
import type { Effort } from "./request.ts";

/**
 * How one provider, server or model departs from the plain wire. Data: rows and configuration name a quirk, wires and mends obey it,
 * nothing asks for a provider by name. All absent is an OpenAI-compatible server that takes the common fields.
 */
export interface Quirks {
  /** The wire by which the model has to be asked, where its server speaks it. Default: the client's own, or what the row says. */
  readonly wire?: WireName;

  // What the server takes in a chat request.
  /** The field for the output limit. Default "max_tokens". */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** The output limit the server refuses to exceed, in tokens. */
  readonly maxOutput?: number;
  /** The least output limit that the server takes, in tokens. */
  readonly minOutput?: number;
  /** A chat request has to name an output limit: the one of a client that names none. */
  readonly defaultOutput?: number;
  /** Fields that must not be sent at all: `stream_options`, `parallel_tool_calls`, `tool_choice`, `temperature`, `top_p`, `stop` ... */
  readonly refusedFields?: readonly string[];
  /** The same while the model thinks. */
  readonly refusedWhileThinking?: readonly string[];
  /** Fields beyond the common ones that are known: they go on from a client of OpenAI's wires. `seed`, `store`, `metadata`, `service_tier`, `verbosity` ... */
  readonly knownFields?: readonly string[];
  /** `top_k` is understood. */
  readonly topK?: boolean;
  /** How many stop strings are taken; the rest is enforced here. */
  readonly maxStops?: number;
  /** The longest stop string that is taken, in bytes; a longer one is enforced here. Default: any. */
  readonly longestStop?: number;
  /** Where a reply's schema goes. Default "json_schema"; "json_object" adds the schema as an instruction. */
  readonly replySchema?: "json_schema" | "json_object" | "none";
  /** false: beside tools such a schema is refused, or keeps the model from calling them, and becomes an instruction. Default true. */
  readonly schemaBesideTools?: boolean;
  /** false: beside tools the model may not think, and has to be told so: without a word its own effort is refused too. Default true. */
  readonly effortBesideTools?: boolean;
  /** It answers in one form only, as a stream or whole. Default: as asked. */
  readonly streams?: "always" | "never";
  /** The role of the system prompt. Default "system". "user": it leads the first user turn, for templates that know no other role. */
  readonly systemRole?: "system" | "developer" | "user";
  /** Fields of this very provider's own, in each chat request that is written. In its own bytes a client has said what it wants. */
  readonly chatBody?: Readonly<Record<string, unknown>>;
  /** Fields that the user adds to every request on any wire, where bytes pass too. */
  readonly extraBody?: Readonly<Record<string, unknown>>;

  // What its templates take.
  /** System turns may stand anywhere. Otherwise they are folded into the turn before them. */
  readonly systemAnywhere?: boolean;
  /** Turns of user and assistant must alternate: neighbours of one role are merged. */
  readonly strictAlternation?: boolean;
  /** A user turn may not follow a tool result directly. */
  readonly assistantAfterTool?: boolean;
  /** An assistant turn may make one call: each of several is a turn of its own, with its result behind it. */
  readonly singleCalls?: boolean;
  /** On Responses nothing may stand between the calls of a turn: they come behind all that was thought and said in it. */
  readonly callsLast?: boolean;
  /** On Responses what the assistant said goes back as a reply had it, with an id, a status and annotations. Default: its words alone. */
  readonly outputMessages?: boolean;
  /**
   * The content of an assistant turn that only calls: "none" (null, the default) or "empty", an empty text, where templates write null as
   * "None", or trip over it; gateways before Bedrock refuse that one.
   */
  readonly wordlessCalls?: "none" | "empty";
  /** A Responses request must have instructions: where the client has none, a sentence that says little. */
  readonly needsInstructions?: boolean;
  /** A tool message names its tool too: Gemini knows a result by that, and not everything before it looks it up by the call's id. */
  readonly namedResults?: boolean;
  /** An assistant turn at the end: sent as it is ("trailing", the default), marked, or refused. */
  readonly prefill?: "trailing" | "prefix" | "continue_final_message" | "refuse";
  /** The reply repeats the prefill. */
  readonly echoesPrefill?: boolean;

  // Media.
  /** Images are understood. Default true; false writes a placeholder in their place. */
  readonly images?: boolean;
  /** The most images that a request may have. */
  readonly mostImages?: number;
  /** Image addresses are fetched by the server. Default true. */
  readonly imageUrls?: boolean;
  /** Images may stand in a tool message. */
  readonly toolImages?: boolean;
  /** How a PDF is sent, and on the Messages wire any document; "url" is Mistral's part on the chat wire. Default "placeholder" there, else "file". */
  readonly documents?: "file" | "url" | "placeholder";
  /** An address may stand in a file's data on the chat wire, whose own words have no place for it. */
  readonly documentUrls?: boolean;

  // Tools.
  /** What a call's id must look like. "safe": letters, digits, `_` and `-`, as Anthropic demands. "short": 40 characters. Default: anything. */
  readonly toolIds?: "nine-letters" | "short" | "safe";
  /** Hosted tools of its own wire (web search) are run by the server, and their calls known. Default true; those of other wires are left out anyway. */
  readonly hostedTools?: boolean;
  /** The server searches the web for a client of another wire too, where it is offered a tool of this type. Default: no one searches for them. */
  readonly webSearch?: Partial<Record<WireName, string>>;
  /** The longest description of a tool; the rest goes into the system prompt. Default: any. */
  readonly toolDescriptionLength?: number;
  /** The JSON Schema that tool parameters are reduced to. Default: only what every server refuses is mended. */
  readonly toolSchema?: "plain" | "boundless" | "gemini" | "moonshot" | "no-meta";
  /** What the names of a tool's arguments must look like. "safe": up to 64 letters, digits, `_`, `.` and `-`, as Anthropic demands; "no-type": not `type`. Default: anything. */
  readonly propertyNames?: "safe" | "no-type";
  /**
   * What `tool_choice` takes: named functions too ("enforced", the default), no more than "required", or "auto"; what it does not take falls
   * back with a sentence. "only-auto": not even "none", so that tools which may not be called are left out.
   */
  readonly forcedTools?: "enforced" | "required" | "auto" | "only-auto";
  /** Tools must be given whenever the history has calls. */
  readonly toolsForHistory?: boolean;

  // Reasoning.
  /** How reasoning is switched on and off. Default "reasoning_effort" where `efforts` are known, else nothing is sent: servers refuse it for models that do not reason. */
  readonly reasoningRequest?:
    | "none"
    | "reasoning_effort"
    | "thinking"
    | "enable_thinking"
    | "chat_template_kwargs"
    | "openrouter"
    | "reasoning_enabled"
    | "think";
  /** The efforts that are taken, lowest first; others become the nearest. */
  readonly efforts?: readonly (Effort | "none")[];
  /**
   * The field in which the model's earlier reasoning goes back. Default "none": it is left out. Responses servers have one place for what is not
   * sealed, and get it there where this is "reasoning_content".
   */
  readonly reasoningField?: "none" | "reasoning_content" | "reasoning" | "both" | "reasoning_details" | "parts" | "think-tags";
  /**
   * Which assistant turns carry it, empty where there was none: all of them, those with tool calls, or ("current") since the last user turn
   * those with calls or reasoning. "present", the default: those that have some. "either": as that, but where a call stands beside words and
   * reasoning the words alone are sent.
   */
  readonly reasoningTurns?: "all" | "calls" | "current" | "present" | "either";
  /** What stands where a turn that carries reasoning had none, of servers that take nothing for missing. Default: nothing. */
  readonly noReasoning?: string;
  /** Reasoning of earlier turns is dropped where the request does not say otherwise, beside `thinking`. */
  readonly clearsThinking?: boolean;
  /** Tool calls carry a signature that must come back (`extra_content.google.thought_signature`). */
  readonly thoughtSignatures?: boolean;

  // How its replies depart.
  /** A 400 or 413 without a body says that the prompt does not fit. */
  readonly wordlessOverflow?: boolean;
  /** Reasoning comes inside the text between tags. Default "start": only where the text begins with one. */
  readonly thinkTags?: "start" | "off" | "preopened";
  /** Tool calls may come written as text. Default "on". */
  readonly textTools?: "on" | "off";

  // A server that speaks Messages.
  /**
   * Fields of a Messages request that are refused, by path, and left out; `cache_control` at any place. "thinking.adaptive" and its like
   * name a value, "thinking.missing" none.
   */
  readonly refusedMessagesFields?: readonly string[];
  /** How thinking is switched off. Default "disabled". */
  readonly thinkingOff?: "disabled" | "between_tools";
  /** With a thinking budget, the calls that a conversation ends with must have thinking before them; without it thinking is off for this request. */
  readonly thinkingBeforeCalls?: boolean;
  /** `anthropic-beta` is forwarded as it came ("all"), or not. Default "all". */
  readonly betas?: "all" | "none";
  /** Values of `anthropic-beta` that are refused, and left out. */
  readonly refusedBetas?: readonly string[];
  /** The `anthropic-version` with which bytes pass. Default: the client's own. */
  readonly apiVersion?: string;
  /** The server counts tokens at `/v1/messages/count_tokens`, or at `/v1/responses/input_tokens`. */
  readonly countsTokens?: boolean;
  /** It keeps a conversation of which the client then sends only what is new (`thread`). Others pass over the field, and the history with it. */
  readonly keepsThreads?: boolean;
  /** The native endpoint gets these wrong, so that the route goes through the language. */
  readonly nativeFaults?: readonly (
    | "system-turns"
    /** A system turn among the messages is left where it stands, at the end too, or put before all others. */
    | "late-system"
    | "arguments"
    | "stop-sequences"
    /** Blank text and cache marks of which it takes no more are refused, although nothing is lost without them. */
    | "content-rules"
    | "silent-truncation"
    /** Only functions are known of the tools of its wire. */
    | "tool-kinds"
    /** Fields that not every server of its wire knows are refused. */
    | "unknown-fields"
    /** Conversations are refused that break a rule of its own or of its template. */
    | "conversation"
    /** So is what not every server of its wire knows within a conversation: a field of a message or block. */
    | "unknown-parts"
  )[];
}
