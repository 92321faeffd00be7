import { decodeUri } from "../../model/decode-uri.ts";
import type { WireName } from "../../model/opaque.ts";
import type { CountingWire } from "../counts/count-at-server.ts";
import type { Refusal } from "./door.ts";

/** What a request asks for. `asked`: the model's or the stored reply's id in the path. */
type Endpoint =
  | { readonly kind: "reply"; readonly wire: WireName }
  | { readonly kind: "count"; readonly wire: CountingWire }
  | { readonly kind: "compact" }
  | { readonly kind: "models"; readonly asked?: string }
  | { readonly kind: "stored"; readonly asked: string; readonly wants: StoredWish };

/** What is wanted of a stored reply: itself, what it was asked with, or that it is forgotten. */
export type StoredWish = "reply" | "input" | "deletion";

const endpoints: Readonly<Record<string, Endpoint & { readonly method: "GET" | "POST" }>> = {
  "/v1/messages": { method: "POST", kind: "reply", wire: "messages" },
  "/v1/messages/count_tokens": { method: "POST", kind: "count", wire: "messages" },
  "/v1/responses": { method: "POST", kind: "reply", wire: "responses" },
  "/v1/responses/input_tokens": { method: "POST", kind: "count", wire: "responses" },
  "/v1/responses/compact": { method: "POST", kind: "compact" },
  "/v1/chat/completions": { method: "POST", kind: "reply", wire: "chat" },
  "/v1/models": { method: "GET", kind: "models" },
};

/** Asked by clients before they have a token, and by people. */
const healthChecks = new Set(["HEAD /", "HEAD /api/hello", "HEAD /health", "GET /health"]);

export function isHealthCheck(method: string, path: string): boolean {
  return healthChecks.has(`${method} ${path}`);
}

/** The endpoint at a path as `pathOf` gives it, or the 404 that says which there are. */
export function endpointAt(asked: string, path: string): Endpoint | { readonly refusal: Refusal } {
  const method = asked === "HEAD" ? "GET" : asked;
  const listed = endpoints[path];
  const [, stored, list] = (listed === undefined && /^\/v1\/responses\/([^/]+?)(\/input_items)?$/.exec(path)) || [];
  if (stored !== undefined && (method === "GET" || (method === "DELETE" && list === undefined)))
    return { kind: "stored", asked: decodeUri(stored), wants: method === "DELETE" ? "deletion" : list === undefined ? "reply" : "input" };
  const model = /^\/v1\/models\/(.+)$/.exec(path)?.[1];
  const endpoint = model === undefined ? listed : endpoints["/v1/models"];
  if (endpoint === undefined) return noSuchEndpoint(`There is nothing at ${path}.`);
  if (method !== endpoint.method) return noSuchEndpoint(`${asked} is not understood at ${path}: it takes ${endpoint.method}.`);
  return model === undefined ? endpoint : { kind: "models", asked: decodeUri(model) };
}

function noSuchEndpoint(why: string): { readonly refusal: Refusal } {
  const message = `${why} The endpoints are ${Object.keys(endpoints).join(", ")}, /health.`;
  return { refusal: { status: 404, failure: { kind: "not-found", origin: "client", message } } };
}
