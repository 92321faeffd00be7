import { secretsIn } from "../../route/secrets.ts";
import type { Provider } from "../../route/target.ts";

/** All that must never be shown of providers: keys, and headers that are not the row's own. */
export function secretsOf(providers: readonly Provider[]): readonly string[] {
  return providers.flatMap(secretsIn);
}
