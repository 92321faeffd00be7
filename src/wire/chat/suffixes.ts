/** Of what cannot be chance, a piece says so much at least; */
const telling = /[\p{L}\p{N}].{3}/su;
/** or it is one word, and the next piece that word and more: no text has "The" and then "The user". */
const word = /^\p{L}+$/u;
const more = /^(?:\s\S|['’]\p{L})/u;

/**
 * What each piece of text adds. DashScope's coding plan, among others, sends all the text so far in each chunk: there each piece
 * goes on with the one before it, from the first on, as no text does that comes in parts.
 */
export function createSuffixes(): (piece: string) => string {
  let before: string | undefined;
  let isWhole = false;
  return (piece) => {
    if (before === undefined || piece === "") {
      if (piece !== "") before = piece;
      return piece;
    }
    // The same once more is a word said twice, unless it is known that nothing comes in parts.
    const goesOn = before !== "" && piece.startsWith(before) && (isWhole || piece.length > before.length);
    const rest = goesOn ? piece.slice(before.length) : piece;
    isWhole ||= goesOn && (telling.test(before) || (word.test(before) && more.test(rest)));
    const added = isWhole ? rest : piece;
    // A piece that does not go on: these come in parts, and are not looked at again.
    before = goesOn ? piece : "";
    return added;
  };
}
