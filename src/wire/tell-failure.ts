import type { Failure } from "../model/failure.ts";

/**
 * When a client may come again, in whole seconds rounded up, since one that comes early is refused again; and whether the SDKs of Anthropic
 * and OpenAI, which go by the status where nothing is said, are to try at all.
 */
export function retryHeaders(wait: number | undefined, again: boolean | undefined): Record<string, string> {
  return {
    ...(wait === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(wait))) }),
    ...(again === undefined ? {} : { "x-should-retry": String(again) }),
  };
}

/** What went wrong, and who said so: a session may have several providers. */
export const saidBy = ({ provider, message }: Failure): string =>
  provider === undefined || message.includes(provider) ? message : `${provider}: ${message}`;
