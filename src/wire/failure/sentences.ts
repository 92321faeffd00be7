/** The sentences by which servers say one thing. */
export type Sentences = RegExp | readonly RegExp[];

/** Whether a message is, or has in it, one of these sentences. */
export function saysAny(message: string, sentences: Sentences): boolean {
  return sentences instanceof RegExp ? sentences.test(message) : sentences.some((sentence) => sentence.test(message));
}
