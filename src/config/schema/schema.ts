import ipaddr from "ipaddr.js";
import * as z from "zod";
import { clients } from "../../clients/index.ts";
import { wireNames } from "../../model/opaque.ts";
import { efforts } from "../../model/request.ts";
import { nearest } from "../../route/nearest.ts";
import { targetPattern } from "../targets.ts";
import { fitsHeader } from "./fits-header.ts";
import { quirksSchema } from "./quirks.ts";
import { section } from "./section.ts";
import { durationOf, durationPattern, sizeOf, sizePattern } from "./units.ts";

/**
 * What people write, in its long form: `long-form.ts` brings short forms to it first, since a union of both would answer every slip
 * with "Invalid input". `meta({ short })` says the short form for the JSON schema that editors read. No message repeats a value: the file
 * may not be trusted, or the value may be a secret.
 */

export const literalKey = "a key does not belong in a configuration file";
export const literalHeader = "a credential does not belong in a configuration file";

/** Headers by which a server knows who asks. */
const credentialHeader =
  /^(?:authorization|proxy-authorization|cookie|(?:x-)?(?:goog-)?api-?key|ocp-apim-subscription-key)$|token|secret|password|credential/i;
/** Headers that HTTP or a wire writes; another value would break the message or smuggle a second one. */
const ownHeader = /^(?:host|content-length|transfer-encoding|connection|content-type|te|trailer|upgrade|expect)$/i;

/** For what has a short form: without it, what is neither would be told to be a map. */
const orMap = (short: string) => ({
  error: ({ code }: { readonly code?: string }) => (code === "invalid_type" ? `must be ${short}, or a map of keys and values` : undefined),
});

const name = z.string().min(1, { error: "must be a name" });
const string = { type: "string" } as const;

const duration = () =>
  z
    .string({ error: "must be a duration such as 10s or 5m" })
    .regex(durationPattern, { error: "must be a duration such as 10s or 5m" })
    .transform(durationOf);

const tokens = "must be a number of tokens such as 131072 or 128k";
const size = () =>
  z
    .union([z.number().int().positive(), z.string().regex(sizePattern, { error: tokens })], { error: tokens })
    .transform((written) => (typeof written === "number" ? written : sizeOf(written)));

const address = () =>
  z.string({ error: "must be an address such as http://gpu-box.lan:11434" }).superRefine((text, context) => {
    const wrong = addressFault(text);
    if (wrong !== undefined) context.addIssue({ code: "custom", message: wrong });
  });

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

const variable = () =>
  z
    .string({ error: "must be the name of a variable" })
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be the name of a variable, not its value" });
const command = () =>
  z.array(z.string(), { error: "must be a list: the program, then its arguments" }).min(1, { error: "names no program" });

const oneOf = (written: Readonly<Record<string, unknown>>) => Object.values(written).filter((value) => value !== undefined).length === 1;

const keySource = section(() => ({ env: variable().optional(), file: name.optional(), command: command().optional() }), {
  error: (issue) => (issue.code === "invalid_type" ? literalKey : undefined),
})
  .refine(oneOf, { error: "must name exactly one of env, file and command" })
  .meta({ id: "keySource" });

const headerValue = section(
  () => ({
    value: z.string().optional(),
    env: variable().optional(),
    file: name.optional(),
    command: command().optional(),
  }),
  orMap("text"),
)
  .refine(oneOf, { error: "must be a value, or name exactly one of env, file and command" })
  .meta({ short: [string] });

const headers = () =>
  z.record(z.string(), headerValue).superRefine((written, context) => {
    for (const [header, source] of Object.entries(written)) {
      const fault = headerFault(header, source.value);
      if (fault !== undefined) context.addIssue({ code: "custom", path: [header], message: fault });
    }
  });

function headerFault(header: string, value: string | undefined): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header)) return "is not the name of a header";
  if (ownHeader.test(header)) return "is a header that fcc writes itself";
  if (value !== undefined && credentialHeader.test(header)) return literalHeader;
  if (value === undefined || fitsHeader.test(value)) return undefined;
  return "holds more than one line, or characters that no header can carry";
}

const way = section(
  () => ({ wire: z.enum(wireNames).optional(), command: command().optional() }),
  orMap("a wire (chat, messages, responses)"),
)
  .refine((written) => written.wire !== undefined || written.command !== undefined, {
    error: "must be a wire (chat, messages, responses) or { command: [program, arguments] }",
  })
  .meta({ short: [{ enum: wireNames }] });

const endpoint = section(() => ({ baseUrl: address().optional() }), orMap("an address")).meta({ short: [string] });

const providerSchema = section(() => ({
  extends: name.optional().describe("The known provider or kind of server that this one is like"),
  baseUrl: address().optional().describe("Where it is: with or without /v1"),
  key: z
    .array(keySource)
    .min(1, { error: "names no key" })
    .meta({ short: [{ $ref: "#/$defs/keySource" }] })
    .optional()
    .describe("Where its key comes from; several keys take turns"),
  speaks: section(
    () => ({ chat: endpoint.optional(), messages: endpoint.optional(), responses: endpoint.optional() }),
    orMap("chat, messages or responses, a list of them"),
  )
    .meta({ short: [{ enum: wireNames }, { type: "array", items: { enum: wireNames } }] })
    .optional(),
  via: way.optional().describe("The wire to take where it speaks several; a command that forwards a port of this machine to it"),
  timeout: section(() => ({ connect: duration().optional(), firstByte: duration().optional(), idle: duration().optional() })).optional(),
  tls: section(() => ({ ca: name.optional(), cert: name.optional(), key: name.optional(), serverName: name.optional() }))
    .optional()
    .describe("PEM files"),
  headers: headers().optional(),
  quirks: quirksSchema.optional(),
}));

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

const boundaryWords = ["local", "private"];
const boundary = section(() => ({
  within: z.enum(["local", "private"]).optional(),
  admits: z
    .array(z.string().min(1, { error: "names no host" }))
    .min(1, { error: "names no host" })
    .optional(),
}))
  .refine(oneOf, { error: "must be local, private, or a list of host names, patterns and CIDR blocks" })
  .refine((written) => !written.admits?.some((entry) => boundaryWords.includes(entry)), {
    error: "takes local and private alone, not in a list",
  })
  .refine((written) => written.admits?.every((entry) => !entry.includes("/") || ipaddr.isValidCIDR(entry)) ?? true, {
    error: "holds a block that is not CIDR, such as 10.0.0.0/8",
  })
  .superRefine((written, context) => {
    for (const [index, entry] of written.admits?.entries() ?? []) {
      const near = /^[\w-]+$/.test(entry) ? nearest(entry, boundaryWords) : undefined;
      if (near === undefined || boundaryWords.includes(entry)) continue;
      const message = `is nearly "${near}": write that, or a host that is called so with a dot at its end`;
      context.addIssue({ code: "custom", path: ["admits", index], message });
    }
  })
  .meta({ instead: [{ enum: ["local", "private"] }, { type: "array", items: string }, string] });

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
  env: z.record(z.string(), z.string({ error: "must be text: put it in quotes" })).optional(),
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
export type ProviderSettings = z.output<typeof providerSchema>;
export type ProfileSettings = z.output<typeof profileSchema>;
export type TargetSettings = z.output<typeof targetSchema>;
export type KeySource = z.output<typeof keySource>;
export type HeaderSource = z.output<typeof headerValue>;
export type BoundarySettings = z.output<typeof boundary>;
