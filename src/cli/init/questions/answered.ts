import { Abandoned } from "../../abandoned.ts";
import { autocomplete, isCancel, type Option, select } from "../../prompts.ts";
import { Back } from "./in-turn.ts";

const output = process.stderr;

/** Rows of a list that are shown at once. Where the keys below it take a second row, the list does not leave room for it by itself. */
const maxItems = () => Math.min(12, Math.max(5, (output.rows ?? 24) - 8));

export interface Choice<Value = string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** One of a short list. */
export const choose = <Value>(message: string, choices: readonly Choice<Value>[], initialValue?: Value): Promise<Exclude<Value, symbol>> =>
  answered(
    select<Value>({
      message,
      output,
      maxItems: maxItems(),
      options: [...choices] as Option<Value>[],
      ...(initialValue !== undefined && { initialValue }),
    }),
  );

interface Search {
  readonly message: string;
  readonly choices: readonly Choice[];
  /** Where the cursor stands at first. */
  readonly initial?: string | undefined;
  /** What is typed is a choice as well, after those that have it in them. */
  readonly orTyped?: { readonly placeholder: string; readonly called: string };
}

/** One of a list that is searched by typing: every word of it has to be in its label or value. */
export function search({ message, choices, initial, orTyped }: Search): Promise<string> {
  const isListed = (value: string) => choices.some((choice) => choice.value === value);
  const start = initial === undefined ? {} : isListed(initial) ? { initialValue: initial } : { initialUserInput: initial };
  const question = autocomplete<string>({
    message,
    output,
    maxItems: maxItems(),
    ...start,
    ...(orTyped && { placeholder: orTyped.placeholder }),
    options() {
      const typed = this.userInput.trim();
      const more =
        orTyped === undefined || typed === "" || isListed(typed) ? [] : [{ value: typed, label: `${typed} (${orTyped.called})` }];
      return [...choices, ...more];
    },
    filter: (typed, { label, value }) => words(typed).every((word) => `${label} ${value}`.toLowerCase().includes(word)),
    // Enter where nothing is found would choose nothing.
    validate: (chosen) => (chosen === undefined ? "one of the list, please" : undefined),
  });
  return answered(question);
}

const words = (typed: string) => typed.toLowerCase().split(/\s+/);

/** The answer to a question. Throws where somebody left it, or went back. */
export async function answered<Value>(question: Promise<Value>): Promise<Exclude<Value, symbol>> {
  // Escape is one of the keys by which a question is cancelled; by which one it was is not said.
  let last: string | undefined;
  const listen = (_text: string | undefined, { name }: { readonly name?: string }) => {
    last = name;
  };
  process.stdin.on("keypress", listen);
  const answer = await question.finally(() => process.stdin.off("keypress", listen));
  if (isCancel(answer)) throw last === "escape" ? new Back() : new Abandoned();
  return answer as Exclude<Value, symbol>;
}
