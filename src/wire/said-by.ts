import type { Failure } from "../model/failure.ts";

/** What went wrong, and who said so: a session may have several providers. */
export const saidBy = ({ provider, message }: Failure): string =>
  provider === undefined || message.includes(provider) ? message : `${provider}: ${message}`;
