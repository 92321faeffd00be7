import { parseJson } from "../json.ts";
import { type ErrorBody, readErrorValue } from "./error-body.ts";

/**
 * What the server behind a gateway refused, where the gateway tries others by itself and answers with a status of its own at the end:
 * Antigravity-Manager's 429 "All 1 attempts failed. Last error: HTTP 400: {...}" (lbjlaq/Antigravity-Manager#777). By that status the client
 * would send the same again and again. What was refused has to be the request: another status is of the account with which the gateway asked last,
 * and neither of the client's key nor of the address that the user has set.
 */
export function serverBehind(status: number, { message }: ErrorBody): { readonly status: number; readonly body: ErrorBody } | undefined {
  if (status !== 429 && status < 500) return undefined;
  const [, said, json] = /\bHTTP (400|413|422): (\{[\s\S]*)$/.exec(message) ?? [];
  const value = json === undefined ? undefined : parseJson(json);
  const body = value === undefined ? undefined : readErrorValue(value);
  return body === undefined || body.message === "" ? undefined : { status: Number(said), body };
}
