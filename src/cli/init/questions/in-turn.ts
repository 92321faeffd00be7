import { Abandoned } from "../../abandoned.ts";

/** Somebody wants the question before. */
export class Back extends Error {}

/**
 * What is known once it is answered, beside what was known before. `given` has the answers that were given already by who has gone back since:
 * it starts there. Undefined: it does not come up.
 */
export type Question<Known> = (known: Known, given: Known) => Promise<Known | undefined>;

/** Asks one after another, and from the start of one the one that came before it, until `last` has made something of the answers. */
export async function askInTurn<Known extends object, Result>(
  questions: readonly Question<Partial<Known>>[],
  last: (known: Partial<Known>) => Promise<Result>,
): Promise<Result> {
  const asked: { readonly at: number; readonly known: Partial<Known> }[] = [];
  let known: Partial<Known> = {};
  let given: Partial<Known> = {};
  for (let at = 0; ; ) {
    try {
      const question = questions[at];
      if (question === undefined) return await last(known);
      const answer = await question(known, given);
      if (answer !== undefined) {
        asked.push({ at, known });
        known = { ...known, ...answer };
        given = { ...given, ...answer };
      }
      at += 1;
    } catch (error) {
      if (!(error instanceof Back)) throw error;
      const before = asked.pop();
      if (before === undefined) throw new Abandoned();
      ({ at, known } = before);
    }
  }
}
