/**
 * Takes out what must never be shown or logged: keys, bearer tokens, credentials in URLs. Providers repeat them in their errors
 * (OpenAI's "Incorrect API key provided: sk-..."), and errors are printed, traced and pasted into issues.
 */
export function redact(text: string): string {
  let out = text;
  for (const [pattern, replacement] of secrets) out = out.replace(pattern, replacement);
  return out;
}

const secrets: readonly (readonly [RegExp, string])[] = [
  // https://user:password@host
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@:]+(?::[^\s/@]*)?@/gi, "$1[redacted]@"],
  // ?key=... &api_key=... (Gemini's native addresses)
  [/([?&](?:[a-z_-]*key|[a-z_-]*token|[a-z_-]*secret|sig|signature|password)=)[^&\s"'<>)\]}]+/gi, "$1[redacted]"],
  [/\b(bearer|basic)\s+(?!error\b|token\b|auth\w*\b)[\w~+/.=:*-]{6,}/gi, "$1 [redacted]"],
  // Keys by their prefix: OpenAI, Anthropic, OpenRouter, DeepSeek, NVIDIA, Groq, xAI, Google, Hugging Face, Cerebras, Fireworks, GitHub, AWS ...
  [/\b(?:sk|pk|rk|nvapi|xai|csk|fw|pplx|tgp|vck|github_pat)[-_][\w*.-]{6,}/g, "[redacted]"],
  [/\b(?:gsk_|hf_|r8_|gh[pousr]_|AIza|ya29\.|AKIA|ASIA|ABSK)[\w*.-]{8,}/g, "[redacted]"],
  // A JSON web token.
  [/\beyJ[\w-]{8,2000}\.[\w-]{4,}\.?[\w-]*/g, "[redacted]"],
  // "API key provided: abc***xyz", "api_key: abc", "x-api-key: abc", "token=abc"
  [
    /((?:api[ _-]?key|access[ _-]?token|auth[ _-]?token|secret|password|authorization)(?:\s+provided)?["']?\s*[:=]\s*["'`]?)[\w*./+~-]{8,}/gi,
    "$1[redacted]",
  ],
];
