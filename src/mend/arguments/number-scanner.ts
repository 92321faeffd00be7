type Kind = "minus" | "zero" | "digit" | "dot" | "e" | "sign";
type Place = "minus" | "zero" | "int" | "dot" | "fraction" | "e" | "sign" | "exponent";

/** A JSON number (RFC 8259, 6): where each kind of character leads. */
const leads: Readonly<Record<Place, Partial<Record<Kind, Place>>>> = {
  minus: { zero: "zero", digit: "int" },
  zero: { dot: "dot", e: "e" },
  int: { zero: "int", digit: "int", dot: "dot", e: "e" },
  dot: { zero: "fraction", digit: "fraction" },
  fraction: { zero: "fraction", digit: "fraction", e: "e" },
  e: { zero: "exponent", digit: "exponent", minus: "sign", sign: "sign" },
  sign: { zero: "exponent", digit: "exponent" },
  exponent: { zero: "exponent", digit: "exponent" },
};
const ends: ReadonlySet<Place> = new Set(["zero", "int", "fraction", "exponent"]);

function kindOf(character: string): Kind | undefined {
  if (character === "0") return "zero";
  if (character > "0" && character <= "9") return "digit";
  if (character === ".") return "dot";
  if (character === "e" || character === "E") return "e";
  if (character === "-") return "minus";
  return character === "+" ? "sign" : undefined;
}

export const startsNumber = (character: string): boolean => /[-\d]/.test(character);

/** Follows a number whose first character is given: whether the next belongs to it, ends it, or cannot stand there. */
export function createNumberScanner(first: string): (character: string) => "more" | "over" | "wrong" {
  let place: Place = first === "-" ? "minus" : first === "0" ? "zero" : "int";
  return (character) => {
    const kind = kindOf(character);
    const next = kind && leads[place][kind];
    if (next === undefined) return ends.has(place) ? "over" : "wrong";
    place = next;
    return "more";
  };
}
