import { append } from "./lists.ts";
import type { Stage } from "./stage.ts";

/** Joins two stages: the outputs of the first are the inputs of the second. An end or a failure of the input ends both, in order. */
export function pipe<A, B, C>(first: Stage<A, B>, second: Stage<B, C>): Stage<A, C> {
  const pass = (between: readonly B[]): readonly C[] => {
    // Nearly every push of a live stream yields one event.
    if (between.length === 1) return second.push(between[0] as B);
    const out: C[] = [];
    for (const item of between) append(out, second.push(item));
    return out;
  };
  const finish = (between: readonly B[]): readonly C[] => [...pass(between), ...second.end()];
  return {
    push: (input) => pass(first.push(input)),
    idle: () => [...pass(first.idle()), ...second.idle()],
    fail: (failure) => finish(first.fail(failure)),
    end: () => finish(first.end()),
  };
}

/** Pushes a whole list through a stage and ends it, so that a whole reply takes the same path as a stream. */
export function runStage<A, B>(stage: Stage<A, B>, inputs: readonly A[]): B[] {
  const out: B[] = [];
  for (const input of inputs) append(out, stage.push(input));
  append(out, stage.end());
  return out;
}
