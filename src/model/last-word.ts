/** As much of a text's end as its last word may need: more characters than a tool's name has. */
export const tailOf = (text: string): string => text.slice(-128);

/** A text's last word, which may be the name of the call behind it: Mistral's `bash[TOOL_CALLS]{...}`. */
export const lastWord = (text: string): string => /[\w.:/-]*$/.exec(text.trimEnd())?.[0] ?? "";
