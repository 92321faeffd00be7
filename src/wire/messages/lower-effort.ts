import { fieldNamed, fieldSpans, parsed, rootOf, splice } from "../json-bytes.ts";

/**
 * The body of a request with the effort that a refusal leaves, or undefined where it is of something else, or leaves the same. Anthropic, beside
 * thinking that is switched off: "output_config.effort 'xhigh' is not supported when thinking is disabled on this model. Use effort 'high' or
 * below" (anthropics/claude-code#87126).
 */
export function withEffortLeft(bytes: Buffer, message: string): Buffer | undefined {
  const left = /\beffort\b.{0,40}not supported when thinking is disabled\b.{0,40}\buse effort '(\w+)'/i.exec(message)?.[1];
  if (left === undefined) return undefined;
  const config = fieldNamed(bytes, fieldSpans(bytes, rootOf(bytes)) ?? [], "output_config");
  const effort = config && fieldNamed(bytes, fieldSpans(bytes, config.value.start) ?? [], "effort");
  if (effort === undefined || parsed(bytes, effort.value) === left) return undefined;
  return splice(bytes, [{ ...effort.value, by: JSON.stringify(left) }]);
}
