import type { Failure } from "../../model/failure.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request } from "../../model/request.ts";
import { imagesIn } from "./shown.ts";

/**
 * The failure of a request with an image that would have to be fetched first: fcc opens no address that a conversation names, and nobody but
 * the provider that it was uploaded to has the file. A sentence in its place would make the model guess at what the client could send itself.
 */
export function refuseImages(request: Request, quirks: Quirks, wire: WireName): Failure | undefined {
  // Shown none at all, the model is told so in the image's place.
  if (quirks.images === false) return undefined;
  for (const { source } of imagesIn(request)) {
    if (source.type === "file" && wire === "chat")
      return refused(`the image ${source.id} can be read only where it was uploaded; send it as base64`);
    if (source.type === "url" && quirks.imageUrls === false)
      return refused(`the image ${source.url} would have to be fetched, which this server does not do; send it as base64`);
  }
  return undefined;
}

function refused(message: string): Failure {
  return { kind: "bad-request", origin: "fcc", message };
}
