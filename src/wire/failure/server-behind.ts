import { parseJson } from "../json.ts";
import { type ErrorBody, readErrorValue } from "./error-body.ts";

/**
 * What the server behind a gateway refused, where the gateway tries others by itself and answers with a status of its own at the end:
 * Antigravity-Manager's 429 "All 1 attempts failed. Last error: HTTP 400: {...}" (lbjlaq/Antigravity-Manager#777). By that status the client
 * would send the same again and again. An account of the gateway's that is refused there (401, 403) stays the gateway's matter: the user's own key is
 * not refused, nor is the address missing (404) that the user has set.
 */
export function serverBehind(status: number, { message }: ErrorBody): { readonly status: number; readonly body: ErrorBody } | undefined {
  if (status !== 429 && status < 500) return undefined;
  const [, said, json] = /\bHTTP (400|413|422|429): (\{[\s\S]*)$/.exec(message) ?? [];
  const value = json === undefined ? undefined : parseJson(json);
  return value === undefined ? undefined : { status: Number(said), body: readErrorValue(value) };
}
