/** The name of an Ollama model, whose tag may be left out: it is `latest` then. */
export function fullName(model: string): string {
  return /:[^/]*$/.test(model) ? model : `${model}:latest`;
}
