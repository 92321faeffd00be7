import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { ImagePart, Request, TextPart } from "../../model/request.ts";
import { imagesIn, replaceShown } from "./shown.ts";

/**
 * A server that takes only so many images in a request is shown the newest: with the history they add up, and each later request of an agent's
 * session would be refused. None is left out of those that the model has not answered yet: a question about twelve pictures is not one about
 * the last eight. What a cache keeps of the prompt ends at the image that goes, which a refusal would not save either.
 */
export function mendImageCount(request: Request, quirks: Quirks, _wire: WireName, tell: (notice: string) => void): Request {
  if (quirks.mostImages === undefined) return request;
  let excess = imagesIn(request).length - quirks.mostImages;
  if (excess <= 0) return request;
  const answered = request.turns.findLastIndex(({ role }) => role === "assistant");
  return replaceShown(request, (part, turn) => {
    if (part.type !== "image" || turn > answered || excess <= 0) return part;
    excess -= 1;
    tell(`Older images were left out: the server takes ${quirks.mostImages} in a request.`);
    return placeholder(part);
  });
}

function placeholder({ cache }: ImagePart): TextPart {
  return { type: "text", text: "[an older image stood here: the server takes no more of them]", ...(cache === undefined ? {} : { cache }) };
}
