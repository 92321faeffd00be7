import { keyFault, plain } from "../../../config/index.ts";
import { log, password } from "../../prompts.ts";
import { answered } from "./answered.ts";
import type { KnownQuestion } from "./known.ts";

const output = process.stderr;

export const keyQuestionOf = (name: string, docs?: string) =>
  `The key for ${name} (not shown; kept by \`fcc keys\`${docs === undefined ? "" : `, ${docs}`})`;

/** Of a provider that wants one, until it is taken. Enter alone gives the one again that was taken before. */
export const keyQuestion: KnownQuestion = async ({ locked }, given) => {
  if (locked === undefined) return undefined;
  const before = given.keyFor === locked.question ? given.key : undefined;
  const validate = (value: string | undefined) => (value?.trim() ? keyFault(value) : before === undefined ? "a key, please" : undefined);
  const message = `${locked.question}${before === undefined ? "" : "; Enter: the same again"}`;
  for (;;) {
    const typed: string | undefined = await answered(password({ message, output, validate }));
    const key = typed?.trim() ? typed : (before ?? "");
    const place = await locked.open(key);
    if (typeof place !== "string") return { key, keyFor: locked.question, place };
    log.warn(place.split("\n").map(plain).join("\n"), { output });
  }
};
