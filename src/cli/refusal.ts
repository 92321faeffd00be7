/** Why a command ends here: for people, and by its exit code for programs. */
export interface Refusal {
  readonly exitCode: number;
  readonly lines: readonly string[];
}
