/** A string, or what parts the values around it: brackets, commas, colons. */
export const piece = /"(?:[^"\\]+|\\[\s\S])*"?|'(?:[^'\\]+|\\[\s\S])*'?|[()[\]{},:]/g;

interface Open {
  /** Where its bracket is written. */
  readonly at: number;
  /** What stands in it is given to a function: `Path("x")`. */
  readonly isCall: boolean;
  comma: boolean;
  colon: boolean;
  /** Something stands in it. */
  filled: boolean;
}

/** A value of Python with lists for its tuples and sets, as JSON has neither; brackets around a single value go. */
export function withLists(value: string): string {
  const out: string[] = [];
  const open: Open[] = [];
  let from = 0;
  for (const { 0: what, index } of value.matchAll(piece)) {
    const between = value.slice(from, index);
    out.push(between, what);
    from = index + what.length;
    const last = open.at(-1);
    if (last !== undefined && (between.trim() !== "" || !")]}".includes(what))) last.filled = true;
    if ("([{".includes(what)) open.push({ at: out.length - 1, isCall: /\w$/.test(between), comma: false, colon: false, filled: false });
    else if (last === undefined) continue;
    else if (what === ",") last.comma = true;
    else if (what === ":") last.colon = true;
    else if (")]}".includes(what)) {
      open.pop();
      const [begin, end] = bracketsOf(what, last) ?? [out[last.at] ?? "", what];
      out[last.at] = begin;
      out[out.length - 1] = end;
    }
  }
  return out.join("") + value.slice(from);
}

function bracketsOf(closer: string, { isCall, comma, colon, filled }: Open): readonly [string, string] | undefined {
  if (isCall) return undefined;
  if (closer === ")") return filled && !comma ? ["", ""] : ["[", "]"];
  return closer === "}" && filled && !colon ? ["[", "]"] : undefined;
}
