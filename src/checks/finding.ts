import { type Failure, withoutAdvice } from "../model/failure.ts";

/** The result of one check. */
export interface Finding {
  /** "bad": a launch would fail, or the agent could do nothing. "doubt": it works, but not as well as it could. */
  readonly state: "good" | "doubt" | "bad" | "skipped";
  /** What was seen, in a sentence. */
  readonly seen: string;
  /** What was sent or looked at. */
  readonly sent?: string;
  /** What to do about it. */
  readonly todo?: string;
  /** What `--fix` may write for the provider. */
  readonly fix?: Fix;
}

interface Fix {
  readonly via?: string;
  readonly quirks?: { readonly refusedFields: readonly string[] };
}

/** One precondition of a launch. `after`: the checks without which this one means nothing; it is skipped where one of them is bad or was skipped. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly after: readonly string[];
  run(): Promise<Finding>;
}

export interface Examined extends Finding {
  readonly id: string;
  readonly title: string;
  /** The id of the bad check because of which this one was skipped; absent where it merely does not apply. */
  readonly cause?: string;
}

/** What a check may find that has sent or looked at something. */
export function findingsOn(sent?: string) {
  const found =
    (state: Finding["state"]) =>
    (seen: string, todo?: string): Finding => ({
      state,
      seen,
      ...(sent && { sent }),
      ...(todo && { todo }),
    });
  const bad = found("bad");
  return {
    good: found("good"),
    doubt: found("doubt"),
    bad,
    /** A failure, with the address where it happened. */
    failed(failure: Failure) {
      const { provider = "" } = failure;
      const [what, advice] = withoutAdvice(failure);
      // Errors of the network contain the address; what a server said does not.
      const address = provider.replace(/^.* at /, "");
      return bad(what.includes(address) ? what : `${provider}: ${what}`, advice ?? todoFor(failure));
    },
  };
}

/** The same without anything that was sent. */
export const { good, doubt, bad } = findingsOn();

/** What to do where the failure itself does not say. */
function todoFor({ kind, status = 0, retryAfter }: Failure): string | undefined {
  if (kind === "rate-limited") return `Try again ${retryAfter === undefined ? "later" : `in ${Math.ceil(retryAfter)} s`}.`;
  return status >= 500 ? "Look at the server's own log." : undefined;
}

export const skipped = (seen: string): Finding => ({ state: "skipped", seen });

/** Milliseconds after which a person who watches would think that nothing happens. */
const patience = 10_000;

export interface Listener {
  /** Called with each result, as soon as it is known. */
  onExamined?(examined: Examined): void;
  /** Called when a check takes long: a model is being loaded, or a server does not answer. */
  waiting?(check: Check): void;
}

/** Runs checks in order. `before`: the results of earlier ones. */
export async function examine(
  checks: readonly Check[],
  { before = [], onExamined, waiting }: Listener & { readonly before?: readonly Examined[] } = {},
): Promise<readonly Examined[]> {
  const all = [...before];
  for (const check of checks) {
    const { id, title, after } = check;
    const causes = all.filter((one) => after.includes(one.id)).map((one) => (one.state === "bad" ? one.id : one.cause));
    const cause = all.find((one) => causes.includes(one.id));
    const late = setTimeout(() => waiting?.(check), patience).unref();
    const examined: Examined =
      cause === undefined
        ? { id, title, ...(await check.run()) }
        : { id, title, ...skipped(`needs "${cause.title}" first`), cause: cause.id };
    clearTimeout(late);
    all.push(examined);
    onExamined?.(examined);
  }
  return all;
}

/** The finding to act on: the first that would stop a launch, else the first doubt. */
export function firstCause(examined: readonly Examined[]): Examined | undefined {
  return examined.find(({ state }) => state === "bad") ?? examined.find(({ state }) => state === "doubt");
}
