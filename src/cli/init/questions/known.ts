import type { Scope } from "../../../config/index.ts";
import type { Discovery } from "../../../discover/index.ts";
import type { Adoptable } from "../inventory.ts";
import type { Named } from "../named.ts";
import type { Scripted } from "../options.ts";
import type { Question } from "./in-turn.ts";

/** What the questions are about. */
export type Here = Omit<Scripted, "options">;

/** A provider whose models can be chosen. */
export interface Place {
  readonly named: Named;
  readonly discovery: Discovery;
}

/** A provider that wants a key first. */
interface Locked {
  readonly question: string;
  /** A sentence where the key is refused. */
  open(key: string): Promise<Place | string>;
}

/** What is known of a provider once it is chosen. */
export type Found = { readonly place: Place } | { readonly locked: Locked };

export interface ChosenModel {
  /** At a place that is left the name means nothing. */
  readonly of: Named;
  readonly id: string;
}

/** What `fcc init` knows by the answers to its questions. */
export interface Known {
  readonly source: () => Promise<Partial<Known>>;
  /** Another tool's configuration, in place of all that follows but the scope. */
  readonly adopt: Adoptable;
  readonly next: "cloud" | "address";
  readonly cloud: string;
  readonly address: string;
  readonly locked: Locked;
  readonly place: Place;
  readonly key: string;
  /** The question that it answered. */
  readonly keyFor: string;
  readonly main: ChosenModel;
  readonly haiku: ChosenModel;
  readonly scope: Scope;
}

export type KnownQuestion = Question<Partial<Known>>;
