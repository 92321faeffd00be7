import { callsFromJson, type WrittenCall } from "./call.ts";
import { looseJson } from "./loose-json.ts";

/** One way in which models write calls into their text. */
export interface Family {
  readonly open: readonly string[];
  /** What ends the markup; none: the text's end does. */
  readonly close: readonly string[];
  /** What a call's text begins with, as far as it has come. Default: anything. */
  readonly begins?: RegExp;
  /** Whether a closer after this text is the real one, or stands inside a value. Default: it is. */
  readonly settled?: (before: Before) => boolean;
  /** What opens a value, where `settled` asks for it. */
  readonly value?: RegExp;
  /** What opens and closes text in which no tag is one. */
  readonly raw?: readonly [open: string, close: string];
  /** The calls in the text between opener and closer. Undefined: these are no calls. `word`: the last one before the opener. */
  readonly read: (body: string, opener: string, word?: string) => Written | undefined;
  /** Counts inside reasoning too: its marks are tokens that a model does not write to speak of them. */
  readonly inThinking?: boolean;
  /** Begins a code fence, where other families' markup is an example. */
  readonly fence?: boolean;
}

/** What is remembered of the text before a closer. */
interface Before {
  readonly head: string;
  readonly end: string;
  readonly valued: boolean;
}

export interface Written {
  readonly calls: readonly WrittenCall[];
  /** Text that follows the calls inside the markup's reach. */
  readonly rest?: string;
}

export const calls = (found: readonly WrittenCall[] | undefined, rest = ""): Written | undefined =>
  found === undefined ? undefined : { calls: found, rest };
export const endsWith =
  (...ends: readonly string[]) =>
  ({ end }: Before): boolean => {
    const tail = end.trimEnd();
    return ends.some((end) => tail.endsWith(end));
  };
/** Where values are opened, a closer is real only behind the end of one. */
export const endsValue =
  (...ends: readonly string[]) =>
  (before: Before): boolean =>
    !before.valued || endsWith(...ends)(before);
export const jsonCalls = (body: string): Written | undefined => calls(callsFromJson(looseJson(body.trim())));
