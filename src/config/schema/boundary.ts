import ipaddr from "ipaddr.js";
import * as z from "zod/mini";
import { nearest } from "../../route/nearest.ts";
import { section } from "./section.ts";
import { oneOf, string } from "./values.ts";

const words = ["local", "private"] as const;
/** Words by which people mean that there is none. */
const noBoundary = new Set(["none", "no", "off", "false", "null", "disabled", "any", "all", "public"]);
const isWord = (entry: string) => words.some((word) => word === entry);

/** What is wrong with a word that would be taken for a host and shut out all others. */
function slipIn(entry: string): string | undefined {
  if (noBoundary.has(entry.toLowerCase()))
    return `says "${entry}", which would be a host: for no boundary leave the key out, or end the host's name with a dot`;
  const near = isWord(entry) || !/^[\w-]+$/.test(entry) ? undefined : nearest(entry, words);
  return near === undefined ? undefined : `is nearly "${near}": write that, or a host that is called so with a dot at its end`;
}

const hosts = () => z.array(z.string().check(z.minLength(1, { error: "names no host" }))).check(z.minLength(1, { error: "names no host" }));

export const boundary = section(() => ({ within: z.optional(z.enum(words)), admits: z.optional(hosts()) }))
  .check(
    z.refine(oneOf, { error: "must be local, private, or a list of host names, patterns and CIDR blocks" }),
    z.refine((written) => !written.admits?.some(isWord), { error: "takes local and private alone, not in a list" }),
    z.refine((written) => written.admits?.every((entry) => !entry.includes("/") || ipaddr.isValidCIDR(entry)) ?? true, {
      error: "holds a block that is not CIDR, such as 10.0.0.0/8",
    }),
    z.superRefine((written, context) => {
      for (const [index, entry] of written.admits?.entries() ?? []) {
        const message = slipIn(entry);
        if (message !== undefined) context.addIssue({ code: "custom", path: ["admits", index], message });
      }
    }),
  )
  .register(z.globalRegistry, { instead: [{ enum: words }, { type: "array", items: string }, string] });

export type BoundarySettings = z.output<typeof boundary>;
