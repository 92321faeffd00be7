import * as z from "zod/mini";
import { clients } from "../../clients/index.ts";
import { efforts } from "../../model/request.ts";
import { targetPattern } from "../targets.ts";
import { boundary } from "./boundary.ts";
import { providerSchema } from "./provider.ts";
import { quirksSchema } from "./quirks.ts";
import { section } from "./section.ts";
import { described, duration, name, orMap, size, string } from "./values.ts";

/**
 * What people write, in its long form: `long-form.ts` brings short forms to it first, since a union of both would answer every slip
 * with "Invalid input". `meta({ short })` says the short form for the JSON schema that editors read. No message repeats a value: the file
 * may not be trusted, or the value may be a secret.
 */

const targetSchema = section(
  () => ({
    target: z
      .string({ error: "must be provider/model" })
      .check(z.regex(targetPattern, { error: "must be provider/model" }))
      .register(z.globalRegistry, { description: "provider/model: only the first / parts them" }),
    context: described(size(), "The window in tokens, where the server does not say or says wrongly"),
    maxOutput: z.optional(size()),
    reasoning: z.optional(z.enum(["off", ...efforts])),
    sampling: z.optional(
      section(() => ({
        temperature: z.optional(z.number().check(z.minimum(0), z.maximum(2))),
        topP: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
        topK: z.optional(z.number().check(z.int(), z.positive())),
      })),
    ),
    behavesAs: described(name, "The model whose abilities the client should assume"),
    quirks: z.optional(quirksSchema),
  }),
  orMap("provider/model"),
).register(z.globalRegistry, { id: "target", short: [string] });

const targets = z
  .array(targetSchema)
  .check(z.minLength(1, { error: "names no target" }))
  .register(z.globalRegistry, { short: [{ $ref: "#/$defs/target" }] });

const profileSchema = section(
  () => ({
    extends: z.optional(name),
    model: described(targets, "The main model, and that of every tier not named; a list holds alternatives in order"),
    opus: z.optional(targets),
    sonnet: z.optional(targets),
    haiku: z.optional(targets),
    fable: z.optional(targets),
    subagent: z.optional(targets),
    boundary: z.optional(boundary),
    keepAliveAfter: described(duration(), "How long a client waits before it is shown that the stream lives"),
    warm: described(
      z.boolean(),
      "Let the server read what the client will send first while the user types; default: servers that keep prompts",
    ),
  }),
  orMap("provider/model, a list of them"),
).register(z.globalRegistry, { short: [string, { type: "array", items: { $ref: "#/$defs/target" } }] });

const started = () => ({
  env: z.optional(
    z.record(
      z.string().check(z.regex(/^[^=]+$/, { error: "is no name for a variable" })),
      z.string({ error: "must be text: put it in quotes" }),
    ),
  ),
  keepKeys: described(z.boolean(), "Leave the variables that hold provider keys in the client's environment"),
});
const clientSchema = section(() => ({ args: z.optional(z.array(z.string())), ...started() }));
const programSchema = section(() => ({
  args: z.optional(z.never({ error: "belongs to the command behind `fcc run --`" })),
  ...started(),
}));

const providerName = name.check(z.regex(/^[^/\s]+$/, { error: "is no name for a provider: it holds / or white space" }));

export const configurationSchema = z.strictObject({
  $schema: z.optional(z.string()),
  profile: described(name, "The profile that is used when none is named"),
  providers: z.optional(z.record(providerName, providerSchema)),
  profiles: z.optional(z.record(name, profileSchema)),
  clients: z.optional(
    section(() =>
      Object.fromEntries(
        ["run", ...clients.map(({ id }) => id)].map((id) => [id, z.optional(id === "run" ? programSchema : clientSchema)]),
      ),
    ),
  ),
  boundary: described(boundary, "What may be reached at all: local, private, or a list of hosts and CIDR blocks"),
  trace: described(name, "A file for the record of requests: a line of JSON each, without what was said"),
  locked: described(z.array(name), "Only in the system's file: keys that nothing below may change"),
});

/** Values as fcc uses them: durations in milliseconds, sizes in tokens. */
export type Settings = z.output<typeof configurationSchema>;
export type ProfileSettings = z.output<typeof profileSchema>;
export type TargetSettings = z.output<typeof targetSchema>;
