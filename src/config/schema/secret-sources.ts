import * as z from "zod/mini";
import { fitsHeader } from "./fits-header.ts";
import { section } from "./section.ts";
import { command, name, oneOf, orMap, string, variable } from "./values.ts";

export const literalKey = "a key does not belong in a configuration file";
export const literalHeader = "a credential does not belong in a configuration file";

/** Headers by which a server knows who asks. */
const credentialHeader =
  /^(?:authorization|proxy-authorization|cookie|(?:x-)?(?:goog-)?api-?key|ocp-apim-subscription-key)$|token|secret|password|credential/i;
/** Headers that HTTP or a wire writes; another value would break the message or smuggle a second one. */
const ownHeader = /^(?:host|content-length|transfer-encoding|connection|content-type|te|trailer|upgrade|expect)$/i;

export const keySource = section(() => ({ env: z.optional(variable()), file: z.optional(name), command: z.optional(command()) }), {
  error: (issue) => (issue.code === "invalid_type" ? literalKey : undefined),
})
  .check(z.refine(oneOf, { error: "must name exactly one of env, file and command" }))
  .register(z.globalRegistry, { id: "keySource" });

const headerValue = section(
  () => ({
    value: z.optional(z.string()),
    env: z.optional(variable()),
    file: z.optional(name),
    command: z.optional(command()),
  }),
  orMap("text"),
)
  .check(z.refine(oneOf, { error: "must be a value, or name exactly one of env, file and command" }))
  .register(z.globalRegistry, { short: [string] });

export const headers = () =>
  z.record(z.string(), headerValue).check(
    z.superRefine((written, context) => {
      for (const [header, source] of Object.entries(written)) {
        const fault = headerFault(header, source.value);
        if (fault !== undefined) context.addIssue({ code: "custom", path: [header], message: fault });
      }
    }),
  );

function headerFault(header: string, value: string | undefined): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header)) return "is not the name of a header";
  if (ownHeader.test(header)) return "is a header that fcc writes itself";
  if (value !== undefined && credentialHeader.test(header)) return literalHeader;
  if (value === undefined || fitsHeader.test(value)) return undefined;
  return "holds more than one line, or characters that no header can carry";
}

export type KeySource = z.output<typeof keySource>;
export type HeaderSource = z.output<typeof headerValue>;
