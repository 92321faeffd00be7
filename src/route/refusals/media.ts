import type { Lesson, Refused } from "./lesson.ts";

/** A model that takes text alone is told in a picture's or a file's place that there was one: in the history each later request would be refused. */
export const ofMedia: readonly Lesson[] = [
  { when: (refused) => refused.capability === "image_block" && isOfAll(refused), quirks: { images: false }, rewrites: true },
  { when: (refused) => refused.capability === "document_block" && isOfAll(refused), quirks: { documents: "placeholder" }, rewrites: true },
];

/** Of this one only: the model sees others. */
const ofOne =
  /\b(?:formats?|mime|(?:media|image|file)[_ ]types?|size|dimensions?|pixels|too large|valid|encrypted|decode|download|fetch|urls?|polic(?:y|ies))\b|\b(?:jpe?g|png|webp|gif|svg|heic|docx?|xlsx?|audio|video|search)\b/i;

const isOfAll = ({ message, clientLeavesOut }: Refused) => !clientLeavesOut && !ofOne.test(message);
