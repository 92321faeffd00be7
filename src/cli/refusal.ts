/** Why a command ends here: for people, and by its exit code for programs. */
export interface Refusal {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

export function refused(exitCode: number, ...lines: readonly string[]): { readonly refusal: Refusal } {
  return { refusal: { exitCode, lines } };
}
