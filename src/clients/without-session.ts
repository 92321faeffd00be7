import type { Prepared, Start } from "./client.ts";
import { withoutProxy } from "./no-proxy.ts";

/** A command of a client's that asks no model (`login`, `--help`): as the user wrote it, with nothing of a session's. */
export function withoutSession({ args, env, extra }: Start): Prepared {
  return { args, env: { ...withoutProxy(env), ...extra.env }, files: [] };
}
