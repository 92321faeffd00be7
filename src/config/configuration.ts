import type { Environment } from "../model/environment.ts";
import type { ConfigurationError } from "./errors.ts";
import type { ConfigurationFile } from "./files/layer.ts";
import type { Merged } from "./files/layers.ts";
import type { Folders } from "./files/paths.ts";
import type { Path } from "./files/tree.ts";
import type { Rows } from "./resolve/known-providers.ts";
import type { Keys } from "./secrets/keys.ts";
import type { Review } from "./trust/review.ts";
import type { TrustKey } from "./trust/trust.ts";

export interface LoadOptions {
  readonly cwd: string;
  readonly home?: string;
  readonly env: Environment;
  readonly rows: Rows;
  readonly options?: {
    readonly config?: string;
    readonly profile?: string;
    readonly model?: string;
    readonly quiet?: boolean;
    readonly trace?: string;
  };
  /** In place of /etc/fcc, for tests. */
  readonly systemFolder?: string;
  /**
   * A file that is about to be written, in the place of what stands there now: what would a launch make of it? It counts as trusted.
   * `saidBy` is the option that said what is to stand at a path: the file has no such line yet.
   */
  readonly draft?: {
    readonly scope: "user" | "project";
    readonly file: ConfigurationFile;
    readonly saidBy?: (path: Path) => string | undefined;
  };
  /** Asks a person whether a project's file is trusted; absent, or undefined as its answer: there is no one to ask. */
  readonly decide?: (untrusted: Untrusted) => Promise<boolean> | undefined;
}

/** A project's file that sets more than the name of a profile of the user's own, and what it would set. */
export interface Untrusted {
  /** As it is shown. */
  readonly label: string;
  /** What may have changed: the file, or one of the project's programs that it runs. */
  readonly subject: string;
  readonly key: TrustKey;
  readonly review: Review;
  /** Lines with `-` and `+`, where an earlier content was trusted. */
  readonly changes?: readonly string[];
}

export type Loaded = Configuration | { readonly error: ConfigurationError };

/** Everything that was written, merged, with its sources. No secret has been fetched yet. */
export interface Configuration {
  readonly error?: undefined;
  readonly merged: Merged;
  readonly rows: Rows;
  readonly folders: Folders;
  readonly files: readonly FileState[];
  /** One line each, for standard error. */
  readonly notices: readonly string[];
  /** The profile of this launch, where anything names one. `source` is absent where it is simply the only one. */
  readonly choice?: { readonly name: string; readonly source?: string };
  /** The `provider/model` of --model or FCC_MODEL. */
  readonly model?: { readonly target: string; readonly source: string };
  /** A file for the trace of --trace or FCC_TRACE. */
  readonly trace?: string;
  /** A file for the record that `trace:` asks for: a line a request. */
  readonly record?: string;
  readonly keys: Keys;
}

export interface FileState {
  readonly role: "system" | "user" | "project" | "named";
  /** The file, or the places where one would be looked for. */
  readonly label: string;
  readonly state: "read" | "absent" | "not trusted" | "not read";
}
