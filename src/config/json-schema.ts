import { z } from "zod";
import { configurationSchema, keySourceSchema, targetSchema } from "./schema.ts";

type JsonSchema = { [key: string]: unknown };
type Meta = { short?: readonly JsonSchema[]; instead?: readonly JsonSchema[] } | undefined;

/** The JSON schema of a configuration file, for editors: short forms beside the long ones. */
export function jsonSchema(): JsonSchema {
  const schema = convert(configurationSchema);
  return {
    ...schema,
    title: "fcc configuration",
    $defs: {
      keySource: withoutDialect(convert(keySourceSchema)),
      target: withoutDialect(convert(targetSchema.meta({ short: undefined }))),
    },
  };
}

function convert(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema: written }) {
      const meta = z.globalRegistry.get(zodSchema as unknown as z.ZodType) as Meta;
      const { short, instead } = written as { short?: readonly JsonSchema[]; instead?: readonly JsonSchema[] };
      if (meta === undefined || (short === undefined && instead === undefined)) return;
      const { short: _short, instead: _instead, description, ...long } = written as JsonSchema;
      for (const key of Object.keys(written)) delete (written as JsonSchema)[key];
      Object.assign(written, description === undefined ? {} : { description }, { anyOf: instead ?? [...(short ?? []), long] });
    },
  }) as JsonSchema;
}

function withoutDialect({ $schema: _dialect, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
