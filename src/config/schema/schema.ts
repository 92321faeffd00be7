import * as z from "zod";
import { clients } from "../../clients/index.ts";
import { efforts } from "../../model/request.ts";
import { targetPattern } from "../targets.ts";
import { boundary } from "./boundary.ts";
import { providerSchema } from "./provider.ts";
import { quirksSchema } from "./quirks.ts";
import { section } from "./section.ts";
import { duration, name, orMap, size, string } from "./values.ts";

/**
 * What people write, in its long form: `long-form.ts` brings short forms to it first, since a union of both would answer every slip
 * with "Invalid input". `meta({ short })` says the short form for the JSON schema that editors read. No message repeats a value: the file
 * may not be trusted, or the value may be a secret.
 */

const targetSchema = section(
  () => ({
    target: z
      .string({ error: "must be provider/model" })
      .regex(targetPattern, { error: "must be provider/model" })
      .describe("provider/model: only the first / parts them"),
    context: size().optional().describe("The window in tokens, where the server does not say or says wrongly"),
    maxOutput: size().optional(),
    reasoning: z.enum(["off", ...efforts]).optional(),
    sampling: section(() => ({
      temperature: z.number().min(0).max(2).optional(),
      topP: z.number().min(0).max(1).optional(),
      topK: z.number().int().positive().optional(),
    })).optional(),
    behavesAs: name.optional().describe("The model whose abilities the client should assume"),
    quirks: quirksSchema.optional(),
  }),
  orMap("provider/model"),
).meta({ id: "target", short: [string] });

const targets = z
  .array(targetSchema)
  .min(1, { error: "names no target" })
  .meta({ short: [{ $ref: "#/$defs/target" }] });

const profileSchema = section(
  () => ({
    extends: name.optional(),
    model: targets.optional().describe("The main model, and that of every tier not named; a list holds alternatives in order"),
    opus: targets.optional(),
    sonnet: targets.optional(),
    haiku: targets.optional(),
    fable: targets.optional(),
    subagent: targets.optional(),
    boundary: boundary.optional(),
    keepAliveAfter: duration().optional().describe("How long a client waits before it is shown that the stream lives"),
    warm: z
      .boolean()
      .optional()
      .describe("Let the server read what the client will send first while the user types; default: servers that keep prompts"),
  }),
  orMap("provider/model, a list of them"),
).meta({ short: [string, { type: "array", items: { $ref: "#/$defs/target" } }] });

const started = () => ({
  env: z
    .record(z.string().regex(/^[^=]+$/, { error: "is no name for a variable" }), z.string({ error: "must be text: put it in quotes" }))
    .optional(),
  keepKeys: z.boolean().optional().describe("Leave the variables that hold provider keys in the client's environment"),
});
const clientSchema = section(() => ({ args: z.array(z.string()).optional(), ...started() }));
const programSchema = section(() => ({ args: z.never({ error: "belongs to the command behind `fcc run --`" }).optional(), ...started() }));

export const configurationSchema = z.strictObject({
  $schema: z.string().optional(),
  profile: name.optional().describe("The profile that is used when none is named"),
  providers: z
    .record(name.regex(/^[^/\s]+$/, { error: "is no name for a provider: it holds / or white space" }), providerSchema)
    .optional(),
  profiles: z.record(name, profileSchema).optional(),
  clients: section(() =>
    Object.fromEntries(["run", ...clients.map(({ id }) => id)].map((id) => [id, (id === "run" ? programSchema : clientSchema).optional()])),
  ).optional(),
  boundary: boundary.optional().describe("What may be reached at all: local, private, or a list of hosts and CIDR blocks"),
  trace: name.optional().describe("A file for the record of requests: a line of JSON each, without what was said"),
  locked: z.array(name).optional().describe("Only in the system's file: keys that nothing below may change"),
});

/** Values as fcc uses them: durations in milliseconds, sizes in tokens. */
export type Settings = z.output<typeof configurationSchema>;
export type ProfileSettings = z.output<typeof profileSchema>;
export type TargetSettings = z.output<typeof targetSchema>;
