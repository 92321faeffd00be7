import * as z from "zod/mini";
import { configurationSchema } from "./schema.ts";

type JsonSchema = { [key: string]: unknown };
type Meta = { readonly short?: readonly JsonSchema[]; readonly instead?: readonly JsonSchema[] };

/** The JSON schema of a configuration file, for editors: short forms beside the long ones. */
export function jsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configurationSchema, {
    io: "input",
    unrepresentable: "any",
    override({ jsonSchema: written }) {
      const { short, instead, description, ...long } = written as JsonSchema & Meta;
      if (short === undefined && instead === undefined) return;
      for (const key of Object.keys(written)) delete (written as JsonSchema)[key];
      Object.assign(written, description === undefined ? {} : { description }, { anyOf: instead ?? [...(short ?? []), long] });
    },
  });
  return { title: "fcc configuration", ...schema };
}
