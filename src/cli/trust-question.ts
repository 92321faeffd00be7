import { plain, type Untrusted } from "../config/index.ts";
import { Abandoned } from "./abandoned.ts";

/** Asks only where a person sits at both ends. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY);
}

/** What a project's file would set: which secret would go where first, then what would be run. */
export function reviewLines({ label, subject, review, changes }: Untrusted): readonly string[] {
  const part = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${plain(line)}`)]);
  return [
    changes === undefined
      ? `${plain(label)} comes with this folder and is not trusted yet.`
      : `${plain(subject)} has changed since it was trusted.`,
    ...part("Secrets:", review.secrets),
    ...part("Commands:", review.commands),
    ...part("Addresses:", review.addresses),
    ...part("Clients:", review.clients),
    ...(changes === undefined ? part("All it sets:", review.settings) : part("What changed:", changes)),
  ];
}

/** The answer is no, unless it is yes. Undefined: there is no one to ask. */
export function askForTrust(untrusted: Untrusted): Promise<boolean> | undefined {
  return canAsk() ? ask(untrusted) : undefined;
}

/** Contents that were refused: a launch without anything else configured reads the files again, for the wizard and after it. */
const refused = new Set<string>();

async function ask(untrusted: Untrusted): Promise<boolean> {
  const { sha256 } = untrusted.key;
  if (refused.has(sha256)) return false;
  const { confirm, isCancel } = await import("./prompts.ts");
  process.stderr.write(`${reviewLines(untrusted).join("\n")}\n`);
  const answer = await confirm({ message: `Trust ${plain(untrusted.label)}?`, initialValue: false, output: process.stderr });
  if (isCancel(answer)) throw new Abandoned();
  if (!answer) refused.add(sha256);
  return answer;
}
