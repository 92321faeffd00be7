import type { Opaque, Own, Seal } from "./opaque.ts";

/** A conversation and what is asked of the model, in the words of no wire. Turns are in the order in which they were said. */
export interface Request {
  /** The model as the client named it. */
  readonly model: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** false: at most one tool call in the reply. */
  readonly parallelTools: boolean;
  readonly reasoning: Reasoning;
  /** Tokens of output at most, reasoning included. */
  readonly maxOutput?: number;
  readonly sampling: Sampling;
  /** Strings that end the reply when the model writes them. */
  readonly stop: readonly string[];
  /** The reply's text must be JSON of this schema. */
  readonly schema?: ReplySchema;
  /** It is to be told how likely each token of the text was, and so many others in its place. */
  readonly logprobs?: number;
  readonly stream: boolean;
  /** Who asks, as the client says it; opaque, and often too long for a provider. */
  readonly user?: string;
  /** Requests with the same key share a prefix. */
  readonly cacheKey?: string;
  /** The client's wire has no marks of its own for the cache: its servers cache unasked. */
  readonly cachesUnasked?: true;
  /** What a client of OpenAI's wires says to the server alone, as the chat wire names it: `seed`, `store`, `user` ... */
  readonly chatFields?: Readonly<Record<string, unknown>>;
}

export type Turn = SystemTurn | UserTurn | AssistantTurn;

/** Instructions. The leading ones are the system prompt; a client may also send some in the middle or at the end. */
export interface SystemTurn {
  readonly role: "system";
  readonly parts: readonly TextPart[];
}

export interface UserTurn {
  readonly role: "user";
  readonly parts: readonly UserPart[];
}

export interface AssistantTurn {
  readonly role: "assistant";
  readonly parts: readonly AssistantPart[];
}

export type UserPart = TextPart | ImagePart | DocumentPart | ToolResultPart | OpaquePart;
export type AssistantPart = TextPart | ThinkingPart | ToolCallPart | OpaquePart;
export type ResultPart = TextPart | ImagePart | DocumentPart | OpaquePart;

/** A place up to which the provider is asked to cache the prompt. */
export interface CacheMark {
  /** "5m", "1h": how long, where the client says it. */
  readonly ttl?: string;
}

export interface TextPart {
  readonly type: "text";
  readonly text: string;
  readonly cache?: CacheMark;
  readonly own?: Own;
}

export type MediaSource =
  | { readonly type: "base64"; readonly mediaType: string; readonly data: string }
  | { readonly type: "url"; readonly url: string }
  | { readonly type: "file"; readonly id: string };

/** How closely an image is to be looked at. */
export const imageDetails = ["auto", "low", "high"] as const;

export interface ImagePart {
  readonly type: "image";
  readonly source: MediaSource;
  readonly detail?: (typeof imageDetails)[number];
  readonly cache?: CacheMark;
  readonly own?: Own;
}

export interface DocumentPart {
  readonly type: "document";
  /** "text" is plain text that came as a document. */
  readonly source: MediaSource | { readonly type: "text"; readonly text: string };
  readonly title?: string;
  readonly context?: string;
  readonly cache?: CacheMark;
  readonly own?: Own;
}

export interface ThinkingPart {
  readonly type: "thinking";
  /** Empty where the provider keeps its reasoning to itself and gave only a seal. */
  readonly text: string;
  readonly seal?: Seal;
  readonly own?: Own;
}

export interface ToolCallPart {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
  readonly cache?: CacheMark;
  readonly own?: Own;
}

export interface ToolResultPart {
  readonly type: "tool-result";
  /** The id of the call that it answers. */
  readonly id: string;
  readonly parts: readonly ResultPart[];
  readonly error: boolean;
  readonly cache?: CacheMark;
  readonly own?: Own;
}

export interface OpaquePart extends Opaque {
  readonly type: "opaque";
  /** What is said of the whole message. */
  readonly own?: Own;
}

export type JsonSchema = { readonly [key: string]: unknown };

export type Tool = FunctionTool | HostedTool;

/** A tool that the client runs. */
export interface FunctionTool {
  readonly type: "function";
  readonly name: string;
  readonly description?: string;
  readonly parameters: JsonSchema;
  /** The client wants calls held to the schema; OpenAI does so only for one that is as it demands. */
  readonly strict?: true;
  readonly cache?: CacheMark;
  /** The tool as its wire has it, where that is no function there. */
  readonly own?: Own;
}

/** A tool that a provider runs itself, such as web search; only the wire named can say it. */
export interface HostedTool extends Opaque {
  readonly type: "hosted";
  readonly name: string;
  /** The field of the body by which the client asks for it, where it does not stand among the tools: `web_search_options`, `mcp_servers`. */
  readonly field?: string;
  /** It searches the web, for which more than one wire has a tool. */
  readonly webSearch?: WebSearch;
}

export interface WebSearch {
  readonly allowed?: readonly string[];
  readonly blocked?: readonly string[];
  /** As all wires write it: `{ type: "approximate", city?, region?, country?, timezone? }`. */
  readonly location?: Readonly<Record<string, unknown>>;
  readonly maxUses?: number;
}

export type ToolChoice =
  | { readonly type: "auto" }
  | { readonly type: "required" }
  | { readonly type: "none" }
  | { readonly type: "tool"; readonly name: string };

/** From the least reasoning to the most. */
export const efforts = ["minimal", "low", "medium", "high", "xhigh", "max"] as const;
export type Effort = (typeof efforts)[number];

export interface Reasoning {
  /** undefined: the client did not say, the model decides. */
  readonly enabled?: boolean;
  /** It would have asked for thinking if it wanted any. Where a silent request leaves that to the model, thinking has to be switched off. */
  readonly unasked?: true;
  readonly effort?: Effort;
  /** Tokens of reasoning at most. */
  readonly budget?: number;
  /** How it is to be summed up for the client, in the words of the Responses wire, whose clients alone say it: null where they do not ask. */
  readonly summary?: string | null;
}

/** Where a model would think unless it is told not to. */
export const isThinkingOff = ({ enabled, unasked }: Reasoning): boolean => enabled === false || unasked === true;

export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
}

export interface ReplySchema {
  readonly name: string;
  /** What the reply is for, told to the model. */
  readonly description?: string;
  readonly schema: JsonSchema;
  /** The client gave no schema: any JSON object will do (`json_object`). */
  readonly open?: true;
}
