import * as z from "zod";
import { wireNames } from "../../model/opaque.ts";
import { quirksSchema } from "./quirks.ts";
import { headers, keySource } from "./secret-sources.ts";
import { section } from "./section.ts";
import { address, command, duration, name, orMap, string } from "./values.ts";

const way = section(
  () => ({ wire: z.enum(wireNames).optional(), command: command().optional() }),
  orMap("a wire (chat, messages, responses)"),
)
  .refine((written) => written.wire !== undefined || written.command !== undefined, {
    error: "must be a wire (chat, messages, responses) or { command: [program, arguments] }",
  })
  .meta({ short: [{ enum: wireNames }] });

const endpoint = section(() => ({ baseUrl: address().optional() }), orMap("an address")).meta({ short: [string] });

export const providerSchema = section(() => ({
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

export type ProviderSettings = z.output<typeof providerSchema>;
