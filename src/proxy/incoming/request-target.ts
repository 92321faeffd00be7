import type { IncomingMessage } from "node:http";

/** The path that is asked for, without a query, and as the endpoints are written: `/v1/messages` however the client joined it. */
export function pathOf(request: IncomingMessage): string {
  const path = (absoluteTarget(request)?.pathname ?? request.url ?? "/").replace(/[?#].*$/, "").replace(/\/{2,}/g, "/");
  const plain = path.length > 1 ? path.replace(/\/$/, "") : path;
  const below = belowVersion.exec(plain)?.[1];
  return below === undefined ? plain : `/v1${below}`;
}

/** What is asked for behind the path. */
export function queryOf({ url = "" }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]);
}

/** SDKs disagree on whether the base URL has the version in it: from one and the same, some make `/v1/v1/messages`, others `/messages`. */
const belowVersion = /^(?:\/v1)*(\/(?:messages|responses|chat\/completions|models)(?:\/.*)?)$/;

/** Every host that the request names, however often: a server behind another one may believe any of them. */
export function hostsOf(request: IncomingMessage): readonly string[] {
  const target = absoluteTarget(request);
  return [...(request.headersDistinct["host"] ?? [""]), ...(target === undefined ? [] : [target.host])];
}

/** The whole URL in the request line, as clients of an HTTP proxy write it (RFC 9112 3.2.2): it takes precedence over the Host header. */
function absoluteTarget(request: IncomingMessage): URL | undefined {
  const target = request.url ?? "";
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(target) && URL.canParse(target) ? new URL(target) : undefined;
}
