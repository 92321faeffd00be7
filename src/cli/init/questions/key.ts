import { keyFault, plain } from "../../../config/index.ts";
import { log, password } from "../../prompts.ts";
import { answered } from "./answered.ts";
import type { KnownQuestion } from "./known.ts";

const output = process.stderr;

export const keyQuestionOf = (name: string, docs?: string) =>
  `The key for ${name} (not shown; kept by \`fcc keys\`${docs === undefined ? "" : `, ${docs}`})`;

/** Of a provider that wants one, until it is taken. */
export const keyQuestion: KnownQuestion = async ({ locked }) => {
  if (locked === undefined) return undefined;
  const validate = (value: string | undefined) => (value?.trim() ? keyFault(value) : "a key, please");
  for (;;) {
    const key = await answered(password({ message: locked.question, output, validate }));
    const place = await locked.open(key);
    if (typeof place !== "string") return { key, place };
    log.warn(place.split("\n").map(plain).join("\n"), { output });
  }
};
