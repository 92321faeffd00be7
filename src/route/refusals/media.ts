import type { Quirks } from "../../model/quirks.ts";
import type { Lesson, Refused } from "./lesson.ts";

/** A model that takes text alone is told in a picture's or a file's place that there was one: in the history each later request would be refused. */
export const ofMedia: readonly Lesson[] = [
  { when: (refused) => refused.capability === "image_block" && isOfAll(refused), quirks: { images: false }, rewrites: true },
  { when: (refused) => refused.capability === "document_block" && isOfAll(refused), quirks: { documents: "placeholder" }, rewrites: true },
  { when: ({ clientLeavesOut }) => !clientLeavesOut, quirks: mostImages, rewrites: true },
];

/**
 * vLLM: "At most 1 image(s) may be provided in one prompt."; Groq: "Too many images provided. This model supports up to 5 images"; Anthropic:
 * "too many images and documents: 120 + 0 > 100"; OpenAI: "Too many images in request. Max is 10."; Copilot: "11 images were provided, but the
 * model supports a maximum of 10 images."
 */
function mostImages({ capability, message, native, quirks }: Refused): Quirks | undefined {
  if (capability !== "media_budget" || !/\bimages?\b/i.test(message)) return undefined;
  const said = /(?:\bat most|\bmaximum of|\bmax(?:imum)?(?: allowed)?(?: is|:)|\bmore than|\bup to|\blimit|>) (\d[\d,]{0,6})(?!\d)/i.exec(
    message,
  );
  const most = Number(said?.[1]?.replaceAll(",", ""));
  return most > 0 && (native || quirks.mostImages !== most) ? { mostImages: most } : undefined;
}

/** Of this one only: the model sees others. */
const ofOne =
  /\b(?:formats?|mime|(?:media|image|file)[_ ]types?|size|dimensions?|pixels|too large|valid|encrypted|decode|download|fetch|urls?|polic(?:y|ies))\b|\b(?:jpe?g|png|webp|gif|svg|heic|docx?|xlsx?|audio|video|search)\b/i;

const isOfAll = ({ message, clientLeavesOut }: Refused) => !clientLeavesOut && !ofOne.test(message);
