import { byWord } from "../../model/by-word.ts";
import type { FailureKind } from "../../model/failure.ts";

/**
 * The words that mean one thing whatever the status: OpenAI's codes, Anthropic's types, google.rpc's statuses, vendors' own. Of several in
 * one body the first here counts: what names a cause precisely stands before what names a class.
 */
const meanings: readonly (readonly [kind: FailureKind, ...tokens: string[]])[] = [
  ["out-of-quota", "insufficient_quota", "insufficient_balance", "insufficient_credits", "not_enough_balance", "payment_required"],
  ["out-of-quota", "billing_error", "billing_not_active", "billing_hard_limit_reached", "budget_exceeded", "token_quota_reached"],
  ["out-of-quota", "exceeded_current_quota_error", "arrearage", "accountoverdueerror"],
  // A ChatGPT plan, and Volcengine's.
  ["out-of-quota", "usage_limit_reached", "accountquotaexceeded"],
  // OpenCode: what is used up for the month or the day, though the status is 429.
  ["out-of-quota", "gousagelimiterror", "freeusagelimiterror", "creditserror"],
  // Z.ai: balance; the plan's limits, which do not come back in minutes; a plan that is over, or that does not have the model.
  ["out-of-quota", "1113", "1308", "1309", "1310", "1311"],
  // MiniMax: balance, the plan's limit.
  ["out-of-quota", "1008", "2056"],
  ["filtered", "content_filter", "content_policy_violation", "content_filter_error", "responsibleaipolicyviolation", "moderation"],
  ["filtered", "data_inspection_failed", "datainspectionfailed"],
  // OpenAI, inside a reply.
  ["filtered", "bio_policy", "cyber_policy", "misalignment_policy_violation", "image_content_policy_violation"],
  // A gateway that keeps Claude Code's contract.
  ["filtered", "policy_blocked"],
  // Z.ai; MiniMax.
  ["filtered", "1301", "1026", "1027"],
  ["unauthorized", "authentication_error", "authenticationerror", "invalid_api_key", "api_key_invalid", "unauthenticated"],
  // MiniMax.
  ["unauthorized", "1004", "2049"],
  ["overloaded", "overloaded", "overloaded_error", "engine_overloaded_error", "server_is_overloaded", "slow_down"],
  ["overloaded", "unavailable", "unavailable_error", "service_unavailable", "serviceunavailableexception"],
  ["rate-limited", "rate_limit_error", "rate_limit_exceeded", "rate_limit_reached_error", "rate_limited", "too_many_requests"],
  ["rate-limited", "resource_exhausted", "resourceexhausted", "throttlingexception", "throttling"],
  // Z.ai: concurrency, rate; MiniMax: rates of requests, tokens and connections.
  ["rate-limited", "1302", "1303", "1305", "1002", "1039", "1041", "2045"],
  ["not-found", "not_found_error", "notfounderror", "not_found", "model_not_found", "model_decommissioned", "invalid_model"],
  ["too-large", "request_too_large"],
  ["timed-out", "timeout_error", "deadline_exceeded"],
  ["forbidden", "permission_error", "permission_denied", "permissiondeniederror", "accessdeniedexception"],
  // Groq: the model wrote a call that does not parse; the next time it may.
  ["upstream", "tool_use_failed"],
  // OpenAI, of a picture that it does not read, and of a key's region, inside a reply.
  ["bad-request", "invalid_image", "invalid_image_format", "invalid_base64_image", "invalid_image_url", "invalid_image_mode"],
  ["bad-request", "image_too_large", "image_too_small", "image_parse_error", "image_file_too_large", "image_file_not_found"],
  ["bad-request", "unsupported_image_media_type", "empty_image_file", "failed_to_download_image", "data_residency_mismatch"],
  // MiniMax's; Z.ai's.
  ["bad-request", "invalid_argument", "invalid_prompt", "2013", "1210"],
];

/** What the machine-readable words of an error body mean together. */
export function kindOfTokens(tokens: readonly string[]): FailureKind | undefined {
  return meanings.find(([, ...known]) => known.some((token) => tokens.includes(token)))?.[0];
}

const statuses = byWord({
  "400": [
    ...["invalid_request_error", "badrequesterror", "invalid_request", "invalid_value", "invalid_type", "unknown_parameter"],
    ...["unsupported_parameter", "unsupported_value", "missing_required_parameter", "invalid_argument", "invalid_encrypted_content"],
  ],
  "500": ["api_error", "server_error", "internal", "internal_error", "internal_server_error", "internalservererror"],
});

/** The HTTP status behind an error inside a reply that says only a word. */
export function statusOfTokens(tokens: readonly string[]): number | undefined {
  const status = tokens.map((token) => statuses.get(token)).find((one) => one !== undefined);
  return status === undefined ? undefined : Number(status);
}
