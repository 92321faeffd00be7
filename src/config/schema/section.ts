import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";

// Each schema reads one file and is done: compiling it to code first takes longer than reading. So does looking through all of it for a
// way back into itself; no schema here has one, and `document.ts` refuses values that do.
const asItIs: z.core.$ZodMemoizer = { attach() {}, guard() {}, alloc: (_schema, _payload, value) => value };
z.config({ ...en(), jitless: true, memoizer: asItIs });

/**
 * An object whose fields are made when the first value is checked against them: a file has few of all the sections that there are, and
 * making a schema takes longer than checking a value. Other keys are refused.
 */
export function section<Fields extends z.core.$ZodLooseShape>(make: () => Fields, params?: Parameters<typeof z.strictObject>[1]) {
  let made: Fields | undefined;
  const fields = () => {
    made ??= make();
    return made;
  };
  const later = new Proxy({} as Fields, {
    ownKeys: () => Reflect.ownKeys(fields()),
    getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(fields(), key),
    get: (_, key) => Reflect.get(fields(), key) as unknown,
  });
  return z.strictObject(later, params);
}
