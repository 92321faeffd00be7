import type { WireName } from "../model/opaque.ts";
import type { Provider } from "./target.ts";

type Given = Readonly<Record<string, string>>;

/** What a provider knows us by: the key, and over it the headers that a configuration gives, which may hold one too. */
export function credentials({ row, headers }: Pick<Provider, "row" | "headers">, wire: WireName, key: string | undefined): Given {
  return { ...(key && keyHeader(row.auth ?? "bearer", wire, key)), ...lower(headers) };
}

/** How the key is sent: by the row; a server asked over another wire than Messages knows no `x-api-key`. */
function keyHeader(way: "bearer" | "x-api-key" | "api-key", wire: WireName, key: string): Given {
  if (way === "api-key") return { "api-key": key };
  return way === "x-api-key" && wire === "messages" ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
}

function lower(headers: Given): Given {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
