import { writeOut } from "../write-out.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";

/** What stands in configuration, as `completion/names.ts` reads it. */
type NamesFor = typeof import("./names.ts").namesFor;

/** `fcc completion <shell>` prints the shell's script, which asks `fcc completion words -- ...` at each press of the key. */
export async function completion(
  args: readonly string[],
  namesFor: NamesFor,
): Promise<number | { readonly wrong: string; readonly shells: readonly string[] }> {
  const [first, second] = args;
  if (first === "words" && second === "--") return answer(args.slice(2), namesFor);
  const { shellScripts } = await import("./scripts.ts");
  const shells = Object.keys(shellScripts);
  const script = first !== undefined && args.length === 1 && Object.hasOwn(shellScripts, first) ? shellScripts[first] : undefined;
  if (script === undefined)
    return { wrong: first === undefined ? "which shell?" : `there is no completion for "${args.join(" ")}".`, shells };
  writeOut(script);
  return 0;
}

/** Never an error: what cannot be found out is not offered. */
async function answer(words: readonly string[], namesFor: NamesFor): Promise<number> {
  const found = candidatesFor(words);
  if (found.kind === "names") {
    const names = await namesFor(found).catch(() => []);
    print(
      "words",
      names.map(([word, meaning]): Candidate => [`${found.before ?? ""}${word}`, meaning]),
    );
  } else print(found.kind, found.kind === "words" ? found.words : []);
  return 0;
}

/** A name that a line cannot hold, or that would act on a terminal, is left out; it can still be typed. */
const shown = /^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+$/;

function print(kind: string, words: readonly Candidate[]): void {
  const lines = words.filter(([word]) => shown.test(word)).map(([word, meaning]) => (shown.test(meaning) ? `${word}\t${meaning}` : word));
  writeOut(`${[kind, ...lines].join("\n")}\n`);
}
