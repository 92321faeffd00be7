import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "../target.ts";

/** Rooms whose regular expressions see what a provider, a model, a client or a file of a clone says. */
const rooms = ["wire", "mend", "proxy", "reach", "discover", "route", "config", "checks", "watch", "demo"];
/** The most characters that the expressions of a file or folder see. */
const bounds: readonly (readonly [place: string, most: number])[] = [
  // Error messages and pages are cut to this before anything looks at them.
  ["wire/failure", 4_000],
  // Numbers that fcc writes itself.
  ["checks/subject.ts", 20],
  // Names of tools, which are shortened before.
  ["mend/known-tools.ts", 200],
  // The last characters of what is held.
  ["mend/markup/fenced-reply.ts", 64],
  ["wire/responses/write-failure.ts", 4_000],
  // Addresses and names that the user wrote.
  ["config/", 2_000],
  ["route/", 2_000],
  ["reach/", 2_000],
  ["discover/", 2_000],
  // Headers and request lines: Node takes no more.
  ["proxy/", 16_000],
];
const longest = 100_000;
const boundOf = (file: string) => bounds.find(([place]) => file.startsWith(place))?.[1] ?? longest;

export interface Found {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression with a repetition that stands in these rooms. */
export function expressionsIn(root: string): readonly Found[] {
  return rooms.flatMap((room) =>
    readdirSync(join(root, "src", room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => {
        const file = `${room}/${name}`;
        return readFileSync(join(root, "src", file), "utf8")
          .split("\n")
          .flatMap((text, index) =>
            /^\s*(?:\*|\/\/|\/\*|import )/.test(text)
              ? []
              : Array.from(
                  text.matchAll(/(?:^|[=(,:?!&|\s[])\/(?![/*\s])((?:[^/\\\n[]|\\.|\[(?:[^\]\\]|\\.)*\])+)\/([a-z]*)/g),
                  ([, source = "", flags = ""]) => ({ file, line: index + 1, source, flags }),
                ),
          )
          .filter(({ source }) => /[*+]|\{\d+,/.test(source));
      }),
  );
}

interface Subject {
  readonly found: Found;
  readonly text: string;
}

/** No expression takes more than a moment, whatever it is given: long repetitions of what it looks for itself. */
export function expressions(root: string): Target<Subject> {
  const all = expressionsIn(root);
  return {
    name: "regular expressions",
    share: 40,
    make(random) {
      const found = random.pick(all);
      const atoms = atomsOf(found.source);
      const some = (most: number) => Array.from({ length: random.below(most + 1) }, () => random.pick(atoms)).join("");
      const unit = random.pick(atoms) + some(2);
      return { found, text: some(3) + unit.repeat(Math.ceil(boundOf(found.file) / unit.length)) + some(2) };
    },
    check({ found: { source, flags }, text }) {
      const expression = new RegExp(source, flags);
      if (flags.includes("g")) text.replace(expression, "");
      else expression.test(text);
      return undefined;
    },
    show: ({ found, text }) => `${found.file}:${found.line} /${found.source}/${found.flags} on ${JSON.stringify(text.slice(0, 200))}...`,
  };
}

/** Words and characters that an expression looks for, or its classes let through. */
function atomsOf(source: string): readonly string[] {
  const atoms = new Set<string>([" ", "\n", "a", "1", ".", "\u0001", "x".repeat(7)]);
  for (const [token] of source.matchAll(/\\[sdwS.*+?()[\]{}|/\\bB]|\[[^\]]*\]|[A-Za-z_<>|:!"'`=\-/,;&@ ]+/g)) {
    if (token === "\\s") atoms.add("\t");
    else if (token === "\\d") atoms.add("7");
    else if (token === "\\w" || token === "\\S") atoms.add("w");
    else if (/^\\[.*+?()[\]{}|/\\]$/.test(token)) atoms.add(token[1] ?? "");
    else if (token.startsWith("[")) for (const character of token.slice(1, -1).replace(/\\./g, "").replace(/^\^/, "")) atoms.add(character);
    else if (!token.startsWith("\\")) atoms.add(token);
  }
  return [...atoms];
}
