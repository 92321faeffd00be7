import { describe, expect, it } from "vitest";
import { Abandoned } from "../../../src/cli/abandoned.ts";
import { askInTurn, Back, type Question } from "../../../src/cli/init/questions/in-turn.ts";

interface Known {
  readonly fruit: string;
  readonly peeled: string;
  readonly size: string;
}
type Asked = Question<Partial<Known>>;

/** Answers what is scripted for it, one after another; "back" goes back. Notes where it started. */
function person(...script: readonly string[]) {
  const answers = [...script];
  const heard: string[] = [];
  const question =
    (name: keyof Known, comesUp = (_known: Partial<Known>) => true): Asked =>
    async (known, given) => {
      if (!comesUp(known)) return undefined;
      heard.push(`${name} ${given[name] ?? "-"}`);
      const answer = answers.shift();
      if (answer === "back") throw new Back();
      return answer === undefined ? {} : { [name]: answer };
    };
  return { question, heard };
}

describe("questions in turn", () => {
  it("goes back over those that did not come up, keeps what was given, and forgets what no longer counts", async () => {
    const { question, heard } = person("banana", "yes", "back", "back", "cherry", "back", "cherry", "large");
    const questions = [question("fruit"), question("peeled", ({ fruit }) => fruit === "banana"), question("size")];
    expect(await askInTurn<Known, unknown>(questions, async (known) => known)).toEqual({ fruit: "cherry", size: "large" });
    expect(heard).toEqual(["fruit -", "peeled -", "size -", "peeled yes", "fruit banana", "size -", "fruit cherry", "size -"]);
  });

  it("goes back from what is made of the answers", async () => {
    const { question, heard } = person("apple", "pear");
    const made = await askInTurn<Known, string>([question("fruit")], async ({ fruit = "" }) => {
      if (fruit === "apple") throw new Back();
      return fruit;
    });
    expect([made, heard]).toEqual(["pear", ["fruit -", "fruit apple"]]);
  });

  it("is left by who goes back from the first", async () => {
    const { question } = person("back");
    await expect(askInTurn<Known, unknown>([question("fruit")], async (known) => known)).rejects.toThrow(Abandoned);
  });
});
