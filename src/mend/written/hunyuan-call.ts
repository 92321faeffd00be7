import { allOf } from "./call.ts";
import { calls, type Family } from "./family.ts";
import { argumentKeyCall } from "./xml-call.ts";

/** What Hunyuan 3 and 4 put behind the name of each of their tags; another release may have another. */
export const hunyuanMarks: readonly string[] = [":opensource", ":6124c78e"];

/**
 * `<tool_calls:MARK><tool_call:MARK>NAME<tool_sep:MARK><arg_key:MARK>KEY</arg_key:MARK>...`. The mark is read from the first tag, and tags without
 * it belong to a value. No closer is known before that, so that the calls are looked for when the text is over: what cannot begin one must not wait
 * until then.
 */
export const hunyuan: Family = {
  open: ["<tool_calls:", "<tool_call:"],
  close: [],
  begins: /^[\w-]{0,40}(?:$|>\s*(?:[\w.:/-]+\s*)?(?:$|<))/,
  read: (body, opener) => {
    const mark = /^[\w-]{1,40}(?=>)/.exec(body)?.[0];
    if (mark === undefined) return undefined;
    const end = `</tool_call:${mark}>`;
    const [, ...pieces] = (opener + body).split(`<tool_call:${mark}>`);
    if (pieces.length === 0) return undefined;
    const [inside, rest = ""] = splitAtLast(pieces.pop() ?? "", end);
    const written = [...pieces.map((piece) => splitAtLast(piece, end)[0]), inside];
    return calls(
      allOf(written.map((piece) => argumentKeyCall(piece.replace(`<tool_sep:${mark}>`, ""), `:${mark}`))),
      rest.replace(new RegExp(`^\\s*</tool_calls:${mark}>`), ""),
    );
  },
};

function splitAtLast(text: string, end: string): readonly [before: string, after?: string] {
  const at = text.lastIndexOf(end);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + end.length)];
}
