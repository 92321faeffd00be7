import type { Failure } from "../model/failure.ts";
import type { AskOptions } from "./ask.ts";

export interface DiscoverOptions extends AskOptions {
  /** The models that more is to be known of, where knowing costs a request each. */
  readonly models?: readonly string[];
}

/** What a server said of itself. */
export interface Discovery {
  readonly provider: string;
  /** "llama.cpp", "Ollama 0.17.4", "vLLM 0.32.0": as the server identifies itself. */
  readonly server?: string;
  /** The row that it is by the word of its list, where that was asked. */
  readonly row?: string;
  readonly models: readonly DiscoveredModel[];
  readonly failure?: Failure;
}

/** What one kind of server said. */
export type Answer = Omit<Discovery, "provider">;

export interface DiscoveredModel {
  readonly id: string;
  /** The window in force, in tokens. */
  readonly context?: number;
  /** The window that the model was trained for, where it is larger or the one in force is not known. */
  readonly trainedContext?: number;
  readonly maxOutput?: number;
  readonly loaded?: boolean;
  /** Bytes on disk or parameters: only for choosing the largest. */
  readonly size?: number;
  readonly tools?: boolean;
  readonly images?: boolean;
  readonly reasoning?: boolean;
  /** Dollars per million tokens. */
  readonly price?: { readonly input?: number; readonly output?: number };
  /** Where the window was read: "/props", "/api/ps", "max_model_len", "built-in table". */
  readonly source: string;
  /** The same of the other figures, where the server or the table has them. */
  readonly sources?: { readonly maxOutput?: string; readonly price?: string };
}
