import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import { rootOf } from "./address.ts";
import { ask, type Question, type Said } from "./ask.ts";
import type { Answer, DiscoverOptions } from "./discovery.ts";
import { askList } from "./listed.ts";
import { at, name } from "./shape.ts";

/** A provider's server, as it is asked what it is. */
export interface Server {
  readonly provider: Provider;
  /** The address before its own endpoints. */
  readonly root: string;
  /** The models that more is to be known of. */
  readonly asked: readonly string[];
  /** Asks at one of its own endpoints, by the path from there. */
  at(path: string, question?: Pick<Question, "method" | "body">): Promise<Said>;
  /** Asks for its list of models, where that stands. */
  list(question?: Pick<Question, "wire">): Promise<Answer>;
}

export function serverOf(provider: Provider, reach: Reach, { models = [], ...options }: DiscoverOptions): Server {
  const root = rootOf(provider);
  return {
    provider,
    root,
    asked: models,
    at: (path, question) => ask(reach, provider, { ...options, ...question, url: `${root}${path}` }),
    list: (question) => askList(provider, reach, { ...options, ...question }),
  };
}

/** A server by its name and the release that it says. */
export function released(server: string, said: Said): string {
  const release = name(at(said.json, "version"));
  return release === undefined ? server : `${server} ${release}`;
}
