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
export function* imagesIn(request: Request): Generator<ImagePart> {
  for (const turn of request.turns) {
    if (turn.role !== "user") continue;
    for (const part of turn.parts) {
      if (part.type === "image") yield part;
      if (part.type === "tool-result") for (const inner of part.parts) if (inner.type === "image") yield inner;
    }
  }
}
