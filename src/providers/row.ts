import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";

/** What is known of a provider or a kind of server before anyone asks it. One file each, data only. */
export interface Row {
  /** Names the provider in targets: `ollama/qwen3:8b`. */
  readonly id: string;
  readonly name: string;
  readonly kind: "local" | "cloud" | "demo";
  /** Its models are files, by their paths: a launch starts a server on each, and the address here is only its form. */
  readonly servesFiles?: true;
  /** The wires that it speaks. `baseUrl` is what goes before `/chat/completions`, `/v1/messages` or `/responses`. */
  readonly speaks: Partial<Record<WireName, { readonly baseUrl: string }>>;
  /** The wire to take, by the client's, where another than the client's own serves it better, or where it speaks several others. */
  readonly better?: Partial<Record<WireName, { readonly wire: WireName; readonly reason: string }>>;
  /** Where not every wire serves every model: the wires by the model's name or its beginning, "" for all others. `wiresOf` reads it. */
  readonly modelWires?: Readonly<Record<string, readonly WireName[]>>;
  /** The wire that is paid by use alone: a key without a balance there may have a plan, which the others serve. */
  readonly paidByUse?: WireName;
  /** Variables that hold its key, in the order in which they are asked. Absent: no key. */
  readonly key?: {
    readonly env: readonly string[];
    readonly optional?: true;
    /** What prints one that soon expires, for messages. */
    readonly command?: readonly string[];
  };
  /**
   * The paths of an API of its own, which is none of the wires. Its documentation calls that its base URL, and so it is written as one: at this
   * row's port, where the server itself answers and no gateway, the wires stand beside it.
   */
  readonly ownApi?: readonly string[];
  /** What each has an address of its own: the ones here show its form, and the user gives the real one, or its `parts`. */
  readonly ownAddress?: "customer" | "region" | "project";
  /** What stands for a part of such an address, and the variables that say it. `instead`: where a value is written otherwise. */
  readonly parts?: Readonly<Record<string, { readonly env: readonly string[]; readonly instead?: Readonly<Record<string, string>> }>>;
  /** The variables that did, where they are set: the addresses are whole. */
  readonly placedBy?: string;
  /** The variable that holds its address. */
  readonly baseUrlEnv?: string;
  /** How the key is sent. Default: "bearer"; on the Messages wire of Anthropic itself, "x-api-key". */
  readonly auth?: "bearer" | "x-api-key" | "api-key";
  readonly headers?: Readonly<Record<string, string>>;
  /** A header that carries one id for each conversation: the provider keeps the conversation on one machine by it, or asks for it. */
  readonly sessionHeader?: string;
  /** A request without that header is refused. */
  readonly needsSession?: true;
  readonly quirks: Quirks;
  /** Quirks of some of its models, over its own, by the beginning of the name, with or without its maker's. `quirksOf` joins them. */
  readonly modelQuirks?: Readonly<Record<string, Quirks>>;
  /** How its models and windows are read. Default "openai": a plain model list; "none": it has none, what is known stands in `limits`. */
  readonly discover?: "ollama" | "litellm" | "llamacpp" | "lmstudio" | "vllm" | "sglang" | "openai" | "anthropic" | "none";
  /** Its model list has all that it serves ("whole"), and it takes no other name for it either ("exact"). Absent: it has aliases that it does not list. */
  readonly list?: "whole" | "exact";
  /** The address of its model list, where that is not `/models` under its address for chat. Only for the address of this row. */
  readonly modelsUrl?: string;
  /** Windows and output limits known for models, by the model's name or its beginning, where the server does not say. */
  readonly limits?: Readonly<Record<string, { readonly context?: number; readonly maxOutput?: number }>>;
  /** This server may itself send requests elsewhere. */
  readonly forwards?: { readonly when: "always" | "cloud-models" };
  /**
   * It keeps the prompts that it has read and says so, and lets go of one that is given up: it may be made to read the beginning of a
   * conversation before there is one.
   */
  readonly keepsPrompts?: true;
  /** The command that starts it, for messages. */
  readonly start?: string;
  /** The command that starts it with a window of 65,536 tokens, MODEL standing for the model's name, for messages. */
  readonly largerWindow?: string;
  /** What it does with the tools of a model that has none, and what to do: goes on after "cannot call tools". */
  readonly withoutTools?: string;
  /** The command that fetches the model whose name stands behind it, for messages. */
  readonly fetch?: string;
  readonly docs?: string;
  /** Written from its documentation: no recording and no live call backs it yet. */
  readonly unchecked?: true;
  /** It no longer answers: the message to give instead of a launch. */
  readonly retired?: string;
}
