import { hasOption, lastValue, type Scanned, scanOptions, valuesOf } from "../options.ts";
import { claudeOptions } from "./options.ts";

/*
 * Tokens of the first request before the user has said anything, measured on requests of Claude Code 2.1.332 with tool search off and a
 * vocabulary of 200,000; one of 50,000 counts a tenth more.
 */
const withAllTools = 18_000;
/** Identity, instructions, reminders and the first turn, without any tool. */
const frame = 1_800;
/** What of the frame `--system-prompt` replaces. */
const ownInstructions = 1_500;
const bareFrame = 100;
const bareTool = 270;
const bareTools = ["Bash", "Edit", "Read"];
const toolTokens: Readonly<Record<string, number>> = { Bash: 1_080, Edit: 270, Glob: 450, Grep: 450, Read: 470, Write: 180 };
const anyTool = 900;
const charactersPerToken = 3.5;
/** Tools that an agent can work with. */
const fewer = [["Bash", "Edit", "Glob", "Grep", "Read", "Write"], bareTools];

/** The built-in tools that these arguments leave; undefined: all of them. */
function toolsOf(scanned: Scanned): readonly string[] | undefined {
  const chosen = valuesOf(scanned, "--tools");
  if (chosen === undefined) return hasOption(scanned, "--bare") ? bareTools : undefined;
  const names = chosen.flatMap((value) => value.split(/[\s,]+/)).filter((name) => name !== "");
  if (!names.includes("default")) return names;
  return hasOption(scanned, "--bare") ? bareTools : undefined;
}

/** The window that these arguments fill by themselves. Zero where no session is started. */
export function claudePrompt(args: readonly string[]): number {
  const scanned = scanOptions(args, claudeOptions);
  if (!scanned.startsSession) return 0;
  const added = [lastValue(scanned, "--system-prompt"), lastValue(scanned, "--append-system-prompt")].reduce(
    (sum, text) => sum + (text?.length ?? 0) / charactersPerToken,
    0,
  );
  const replaced = hasOption(scanned, "--system-prompt", "--system-prompt-file") ? ownInstructions : 0;
  const tools = toolsOf(scanned);
  if (hasOption(scanned, "--bare")) return Math.ceil(bareFrame + added + (tools ?? bareTools).length * bareTool);
  const known = tools === undefined ? withAllTools : tools.reduce((sum, name) => sum + (toolTokens[name] ?? anyTool), frame);
  return Math.ceil(known - replaced + added);
}

/** Choices of tools for a window that does not hold all; none where the user has chosen. One argument each, so that nothing after it is swallowed. */
export function claudeWithFewerTools(args: readonly string[]): readonly { readonly option: string; readonly tools: string }[] {
  const scanned = scanOptions(args, claudeOptions);
  if (!scanned.startsSession || toolsOf(scanned) !== undefined) return [];
  return fewer.map((names) => ({ option: `--tools=${names.join(",")}`, tools: names.join(", ") }));
}
