import * as z from "zod/mini";
import { wireNames } from "../../model/opaque.ts";
import { quirksSchema } from "./quirks.ts";
import { headers, keySource } from "./secret-sources.ts";
import { section } from "./section.ts";
import { address, command, described, duration, name, orMap, string } from "./values.ts";

const way = section(
  () => ({ wire: z.optional(z.enum(wireNames)), command: z.optional(command()) }),
  orMap("a wire (chat, messages, responses)"),
)
  .check(
    z.refine((written) => written.wire !== undefined || written.command !== undefined, {
      error: "must be a wire (chat, messages, responses) or { command: [program, arguments] }",
    }),
  )
  .register(z.globalRegistry, { short: [{ enum: wireNames }] });

const endpoint = section(() => ({ baseUrl: z.optional(address()) }), orMap("an address")).register(z.globalRegistry, { short: [string] });
const keys = () =>
  z
    .array(keySource)
    .check(z.minLength(1, { error: "names no key" }))
    .register(z.globalRegistry, { short: [{ $ref: "#/$defs/keySource" }] });
const spoken = () =>
  section(
    () => ({ chat: z.optional(endpoint), messages: z.optional(endpoint), responses: z.optional(endpoint) }),
    orMap("chat, messages or responses, a list of them"),
  ).register(z.globalRegistry, { short: [{ enum: wireNames }, { type: "array", items: { enum: wireNames } }] });
const timeout = () => section(() => ({ connect: z.optional(duration()), firstByte: z.optional(duration()), idle: z.optional(duration()) }));
const tls = () => section(() => ({ ca: z.optional(name), cert: z.optional(name), key: z.optional(name), serverName: z.optional(name) }));

export const providerSchema = section(() => ({
  extends: described(name, "The known provider or kind of server that this one is like"),
  baseUrl: described(address(), "Where it is: with or without /v1"),
  key: described(keys(), "Where its key comes from; several keys take turns"),
  speaks: z.optional(spoken()),
  via: described(way, "The wire to take where it speaks several; a command that forwards a port of this machine to it"),
  timeout: z.optional(timeout()),
  tls: described(tls(), "PEM files"),
  headers: z.optional(headers()),
  quirks: z.optional(quirksSchema),
}));

export type ProviderSettings = z.output<typeof providerSchema>;
