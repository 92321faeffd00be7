import { Abandoned } from "../../abandoned.ts";
import { autocomplete, isCancel, select } from "../../prompts.ts";

/** Up to here a list is read faster than something is typed. */
const shortList = 12;

const output = process.stderr;

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
}

/** One of a list, which is searched where it is long. */
export function choose(message: string, options: Choice[]): Promise<string> {
  return options.length > shortList ? search(message, options) : answered(select({ message, output, options }));
}

export function search(message: string, options: Choice[]): Promise<string> {
  // Enter where nothing is found would choose nothing.
  const validate = (chosen: unknown) => (chosen === undefined ? "one of the list, please" : undefined);
  return answered(autocomplete({ message, output, maxItems: shortList, options, validate }));
}

/** The answer to a question. Throws where somebody left it. */
export async function answered<Value>(question: Promise<Value>): Promise<Exclude<Value, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new Abandoned();
  return answer as Exclude<Value, symbol>;
}
