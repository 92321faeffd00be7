import * as z from "zod/mini";
import { durationOf, durationPattern, sizeOf, sizePattern } from "./units.ts";

/** For what has a short form: without it, what is neither would be told to be a map. */
export const orMap = (short: string) => ({
  error: ({ code }: { readonly code?: string }) => (code === "invalid_type" ? `must be ${short}, or a map of keys and values` : undefined),
});

/** A key that may be left out, and what editors show of it. */
export const described = <Schema extends z.core.$ZodType>(schema: Schema, description: string) => {
  const key = z.optional(schema);
  z.globalRegistry.add(key, { description });
  return key;
};

/** A name that people choose, or a path. */
export const name = z.string().check(z.minLength(1, { error: "must be a name" }));
export const string = { type: "string" } as const;

export const duration = () =>
  z.pipe(
    z
      .string({ error: "must be a duration such as 10s or 5m" })
      .check(z.regex(durationPattern, { error: "must be a duration such as 10s or 5m" })),
    z.transform(durationOf),
  );

const tokens = "must be a number of tokens such as 131072 or 128k";
export const size = () =>
  z.pipe(
    z.union([z.number().check(z.int(), z.positive()), z.string().check(z.regex(sizePattern, { error: tokens }))], { error: tokens }),
    z.transform((written) => (typeof written === "number" ? written : sizeOf(written))),
  );

export const address = () =>
  z.string({ error: "must be an address such as http://gpu-box.lan:11434" }).check(
    z.superRefine((text, context) => {
      const wrong = addressFault(text);
      if (wrong !== undefined) context.addIssue({ code: "custom", message: wrong });
    }),
  );

function addressFault(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return "must be an address that begins with http:// or https://";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "holds a user or password: give it by `key` or `headers`";
  if (url.hash !== "") return "must end with a path: no #";
  // `?api-version=` is part of Azure's older addresses; a key in an address would be shown with it.
  return [...url.searchParams.keys()].every((name) => name === "api-version")
    ? undefined
    : "must end with a path: after ? only api-version is taken";
}

export const variable = () =>
  z
    .string({ error: "must be the name of a variable" })
    .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be the name of a variable, not its value" }));
export const command = () =>
  z.array(z.string(), { error: "must be a list: the program, then its arguments" }).check(z.minLength(1, { error: "names no program" }));

export const oneOf = (written: Readonly<Record<string, unknown>>) =>
  Object.values(written).filter((value) => value !== undefined).length === 1;
