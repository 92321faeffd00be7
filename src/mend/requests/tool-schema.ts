import type { Quirks } from "../../model/quirks.ts";
import type { JsonSchema, Request } from "../../model/request.ts";
import { withLegalNames } from "../property-names.ts";
import { geminiSchema } from "../schema/gemini.ts";
import { withoutLooseReferences } from "../schema/loose-references.ts";
import { moonshotSchema } from "../schema/moonshot.ts";
import { withoutMeta } from "../schema/no-meta.ts";
import { boundlessSchema, plainSchema } from "../schema/plain.ts";
import { mendRoot } from "../schema/root.ts";
import { withoutTuples } from "../schema/tuples.ts";

const reductions: Readonly<Record<NonNullable<Quirks["toolSchema"]>, (schema: JsonSchema) => JsonSchema>> = {
  plain: plainSchema,
  boundless: boundlessSchema,
  gemini: geminiSchema,
  moonshot: moonshotSchema,
  "no-meta": withoutMeta,
};

/** Tool parameters as the provider takes them: what every server refuses is mended, the rest only where a quirk says so. */
export function mendToolSchemas(request: Request, quirks: Quirks): Request {
  const reduce = quirks.toolSchema === undefined ? undefined : reductions[quirks.toolSchema];
  const tools = request.tools.map((tool) => {
    if (tool.type !== "function") return tool;
    const root = mendRoot(tool.parameters);
    // Moonshot takes tuples, by the newer keyword.
    const listed = withoutLooseReferences(quirks.toolSchema === "moonshot" ? root : withoutTuples(root));
    const reduced = reduce === undefined ? listed : reduce(listed);
    return { ...tool, parameters: quirks.propertyNames === undefined ? reduced : withLegalNames(reduced, quirks.propertyNames) };
  });
  return { ...request, tools };
}
