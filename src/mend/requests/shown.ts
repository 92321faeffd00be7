import { replaceEach, replaceParts } from "../../model/lists.ts";
import type { ImagePart, Request, ResultPart, Turn } from "../../model/request.ts";

/** A request with other parts in the place of what the model is shown: by the user, and in the results of tools. */
export function replaceShown(request: Request, replacement: (part: ResultPart, turn: number) => ResultPart): Request {
  const turns = replaceEach<Turn>(request.turns, (turn, at) => {
    if (turn.role !== "user") return turn;
    const replaced = (part: ResultPart) => replacement(part, at);
    return replaceParts(turn, (part) => (part.type === "tool-result" ? replaceParts(part, replaced) : replaced(part)));
  });
  return { ...request, turns };
}

/** In their order, those of results among them. */
export function imagesIn(request: Request): readonly ImagePart[] {
  const images: ImagePart[] = [];
  replaceShown(request, (part) => {
    if (part.type === "image") images.push(part);
    return part;
  });
  return images;
}
