import type { Corpus } from "../corpus.ts";
import type { Target } from "../target.ts";
import { events, failures, passing } from "./bytes.ts";
import { commandLines, files, settings } from "./configuration.ts";
import { edge } from "./edge.ts";
import { expressions } from "./expressions.ts";
import { markup } from "./markup.ts";
import { streams, wholeReplies } from "./replies.ts";
import { requests } from "./requests.ts";

export const targetsOf = (corpus: Corpus, root: string): readonly Target[] =>
  [
    streams(corpus),
    wholeReplies(corpus),
    markup,
    requests(corpus),
    events(corpus),
    failures(corpus),
    passing(corpus),
    settings,
    files(),
    commandLines,
    edge(),
    expressions(root),
  ] as unknown as readonly Target[];
