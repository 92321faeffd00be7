/**
 * llama.cpp and Ollama repeat in their sentence what of the model's output they could not parse, and so does vLLM of gpt-oss. It is no part of
 * it: what stands in there may read like any error.
 */
export function withoutGeneration(text: string): { readonly sentence: string; readonly generation?: string } {
  const before =
    /(failed to parse input at pos \d+|unexpected tokens remaining in message header): |(error parsing tool call): raw='|(unexpected token \d+ while expecting start token) /i.exec(
      text,
    );
  if (before === null) return { sentence: text };
  const from = before.index + before[0].length;
  const to = before[2] === undefined ? text.length : text.lastIndexOf("', err=");
  const sentence = text.slice(0, before.index) + (before[1] ?? before[2] ?? before[3]);
  return to > from ? { sentence, generation: text.slice(from, to) } : { sentence: text };
}
