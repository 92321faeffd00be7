export const isDigit = (character: string): boolean => character >= "0" && character <= "9";

/** Follows a JSON number (RFC 8259, 6) whose first character is given: whether the next belongs to it, ends it, or cannot stand there. */
export function createNumberScanner(first: string): (character: string) => "more" | "over" | "wrong" {
  let place: "minus" | "zero" | "int" | "dot" | "fraction" | "e" | "sign" | "exponent" =
    first === "-" ? "minus" : first === "0" ? "zero" : "int";
  return (character) => {
    const digit = isDigit(character);
    switch (place) {
      case "minus":
        if (!digit) return "wrong";
        place = character === "0" ? "zero" : "int";
        return "more";
      case "zero":
      case "int":
        if (digit) return place === "int" ? "more" : "wrong";
        if (character === ".") place = "dot";
        else if (character === "e" || character === "E") place = "e";
        else return "over";
        return "more";
      case "dot":
        place = "fraction";
        return digit ? "more" : "wrong";
      case "fraction":
        if (digit) return "more";
        if (character !== "e" && character !== "E") return "over";
        place = "e";
        return "more";
      case "e":
        if (character === "+" || character === "-") place = "sign";
        else if (digit) place = "exponent";
        else return "wrong";
        return "more";
      case "sign":
        place = "exponent";
        return digit ? "more" : "wrong";
      case "exponent":
        return digit ? "more" : "over";
    }
  };
}
