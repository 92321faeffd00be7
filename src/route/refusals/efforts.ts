import type { Quirks } from "../../model/quirks.ts";
import { efforts } from "../../model/request.ts";
import { alwaysThinks } from "../../wire/failure/refused-capability.ts";
import { saysAny } from "../../wire/failure/sentences.ts";
import type { Lesson, Refused } from "./lesson.ts";

/**
 * The efforts that are left where a server says which it takes, or which it does not, and these are others than was thought: what the
 * client asks for becomes the nearest, where without the field it would count for nothing in the whole session.
 */
export const ofEfforts: readonly Lesson[] = [
  { when: ({ native, clientLeavesOut }) => !native || !clientLeavesOut, quirks: effortsLeft, rewrites: true },
];

const levels = ["none", ...efforts] as const;

function effortsLeft({ message, field, quirks, native }: Refused): Quirks | undefined {
  const said = listed(message, field);
  const one = refused(message);
  const left = said ?? quirks.efforts?.filter((effort) => effort !== one);
  if (left === undefined || left.length === 0) return undefined;
  // In bytes the client's own word stands, whatever was known.
  const isNew = left.join() !== quirks.efforts?.join() || (native && (said ?? one) !== undefined);
  return isNew ? { efforts: left } : undefined;
}

/** OpenAI: "Supported values are: 'low', 'medium', and 'high'"; Groq: "must be one of `none` or `default`"; Pydantic: "Input should be". */
function listed(message: string, field: string | undefined): (typeof levels)[number][] | undefined {
  // A Messages request keeps the client's own word, whatever `efforts` says.
  if (field?.startsWith("output_config") || !/\beffort\b|reasoning_effort|\bvalid levels\b/i.test(`${field ?? ""} ${message}`))
    return undefined;
  const list =
    /\b(?:(?:supported|valid|allowed) (?:values|options|efforts)(?: are|:)|(?:must|should) be(?: one of)?|one of)\b(.{3,200})/is.exec(
      message,
    )?.[1];
  const bare = bareList.exec(message)?.[1];
  const left = levels.filter(
    (effort) =>
      (list !== undefined && new RegExp(`[\`'"]${effort}[\`'"]`, "i").test(list)) ||
      (bare !== undefined && new RegExp(`\\b${effort}\\b`, "i").test(bare)),
  );
  return left.length === 0 ? undefined : left;
}

/**
 * CLIProxyAPI: 'level "max" not supported, valid levels: low, medium, high'; the template of Qwen3.8: "Unexpected reasoning effort high. Supported
 * types are xhigh (default), medium, and low."
 */
const bareList = /\b(?:valid levels:|supported types are) ([\w, ()]{3,100})/i;

function refused(message: string): string | undefined {
  // OpenRouter, of models that always reason.
  if (saysAny(message, alwaysThinks) || /reasoning is mandatory\b.{0,60}\bcannot be disabled/i.test(message)) return "none";
  // Google: "Thinking level MINIMAL is not supported for this model. Please retry with other thinking level."
  return /\bthinking level (\w+) is not supported/i.exec(message)?.[1]?.toLowerCase();
}
