import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";

/** What is known of a provider or a kind of server before anyone asks it. One file each, data only. */
export interface Row {
  /** Names the provider in targets: `ollama/qwen3:8b`. */
  readonly id: string;
  readonly name: string;
  readonly kind: "local" | "cloud" | "demo";
  /** The wires that it speaks. `baseUrl` is what goes before `/chat/completions`, `/v1/messages` or `/responses`. */
  readonly speaks: Partial<Record<WireName, { readonly baseUrl: string }>>;
  /** Which wire to take, by the client's, where it speaks the client's too but another serves it better. Absent: the client's own. */
  readonly better?: Partial<Record<WireName, { readonly wire: WireName; readonly reason: string }>>;
  /** Variables that hold its key, in the order in which they are asked. Absent: no key. */
  readonly key?: { readonly env: readonly string[]; readonly optional?: true };
  /** The variable that holds its address. */
  readonly baseUrlEnv?: string;
  /** How the key is sent. Default: "bearer"; on the Messages wire of Anthropic itself, "x-api-key". */
  readonly auth?: "bearer" | "x-api-key" | "api-key";
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks: Quirks;
  /** Quirks of some of its models, over its own: the name or its beginning, the longest match last. `quirksOf` joins them. */
  readonly models?: Readonly<Record<string, Quirks>>;
  /** How its models and windows are read. Default "openai": a plain model list. */
  readonly discover?: "ollama" | "llamacpp" | "lmstudio" | "vllm" | "sglang" | "openai" | "demo";
  /** Windows and output limits known for models, by the model's name or its beginning, where the server does not say. */
  readonly limits?: Readonly<Record<string, { readonly context?: number; readonly maxOutput?: number }>>;
  /** This server may itself send requests elsewhere. */
  readonly forwards?: { readonly when: "always" | "cloud-models" };
  /** The command that starts it, for messages. */
  readonly start?: string;
  readonly docs: string;
  /** Written from its documentation: no recording and no live call backs it yet. */
  readonly unchecked?: true;
  /** It no longer answers: the message to give instead of a launch. */
  readonly retired?: string;
}
