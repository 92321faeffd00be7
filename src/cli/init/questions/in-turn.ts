import { Abandoned } from "../../abandoned.ts";

/** Somebody wants the question before. */
export class Back extends Error {}

/**
 * What is known once it is answered, beside what was known before; undefined where it does not come up. `given` has the answers of who has
 * gone back since: it starts there.
 */
export type Question<Known> = (known: Known, given: Known) => Promise<Known | undefined>;

/** Asks one after another, and goes back where somebody wants to, until `last` has made something of the answers. `given`: where they start. */
export async function askInTurn<Known extends object, Result>(
  questions: readonly Question<Partial<Known>>[],
  last: (known: Partial<Known>) => Promise<Result>,
  given: Partial<Known> = {},
): Promise<Result> {
  const asked: { readonly at: number; readonly known: Partial<Known> }[] = [];
  let known: Partial<Known> = {};
  let answers = given;
  for (let at = 0; ; ) {
    try {
      const question = questions[at];
      if (question === undefined) return await last(known);
      const answer = await question(known, answers);
      if (answer !== undefined) {
        asked.push({ at, known });
        known = { ...known, ...answer };
        answers = { ...answers, ...answer };
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
