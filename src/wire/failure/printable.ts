/**
 * Without what would drive the terminal that an agent prints a provider's message on: escape sequences, control characters, bidirectional
 * controls. Newlines and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(escapeSequences, "").replace(controls, "");
}

const escapeSequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Bidi_Control}]/gu;
