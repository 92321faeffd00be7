import type { Failure } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import type { ImagePart, Request, ResultPart, UserPart } from "../model/request.ts";

/**
 * The failure of a request with an image that would have to be fetched first: fcc opens no address that a conversation names, and nobody but
 * the provider that it was uploaded to has the file. A sentence in its place would make the model guess at what the client could send itself.
 */
export function refuseImages(request: Request, quirks: Quirks, wire: WireName): Failure | undefined {
  // Shown none at all, the model is told so in the image's place.
  if (quirks.images === false) return undefined;
  const refusal = ({ source }: ImagePart): Failure | undefined => {
    if (source.type === "file" && wire === "chat")
      return refused(`the image ${source.id} can be read only where it was uploaded; send it as base64`);
    if (source.type === "url" && quirks.imageUrls === false)
      return refused(`the image ${source.url} would have to be fetched, which this server does not do; send it as base64`);
    return undefined;
  };
  const firstIn = (parts: readonly (UserPart | ResultPart)[]): Failure | undefined => {
    for (const part of parts) {
      const found = part.type === "image" ? refusal(part) : part.type === "tool-result" ? firstIn(part.parts) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const turn of request.turns) {
    const found = turn.role === "user" ? firstIn(turn.parts) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function refused(message: string): Failure {
  return { kind: "bad-request", origin: "fcc", message };
}
