import { append } from "./lists.ts";
import type { Stage } from "./stage.ts";

/** Joins two stages: the outputs of the first are the inputs of the second. An end or a failure of the input ends both, in order. */
export function pipe<A, B, C>(first: Stage<A, B>, second: Stage<B, C>): Stage<A, C> {
  const pass = (between: readonly B[]): readonly C[] => pushAll(second, between);
  const finish = (between: readonly B[]): readonly C[] => [...pass(between), ...second.end()];
  return {
    push: (input) => pass(first.push(input)),
    idle: () => [...pass(first.idle()), ...second.idle()],
    fail: (failure) => finish(first.fail(failure)),
    end: () => finish(first.end()),
  };
}

/** Joins any number of stages as `pipe` joins two, in one step for all: of many, each pair would have functions of its own. */
export function chain<Item>(stages: readonly Stage<Item, Item>[]): Stage<Item, Item> {
  const push = (input: Item): readonly Item[] => {
    let items: readonly Item[] = [input];
    for (let at = 0; at < stages.length && items.length > 0; at += 1) items = pushAll(stages[at] as Stage<Item, Item>, items);
    return items;
  };
  /** What each stage says, passed on through those behind it, before what the next one says. */
  const gather = (say: (stage: Stage<Item, Item>, index: number) => readonly Item[]): readonly Item[] => {
    let items: readonly Item[] = [];
    for (const [index, stage] of stages.entries()) items = [...pushAll(stage, items), ...say(stage, index)];
    return items;
  };
  return {
    push,
    idle: () => gather((stage) => stage.idle()),
    fail: (failure) => gather((stage, index) => (index === 0 ? stage.fail(failure) : stage.end())),
    end: () => gather((stage) => stage.end()),
  };
}

function pushAll<Item, Out>(stage: Stage<Item, Out>, items: readonly Item[]): readonly Out[] {
  // Nearly every push of a live stream yields one event.
  if (items.length === 1) return stage.push(items[0] as Item);
  const out: Out[] = [];
  for (const item of items) append(out, stage.push(item));
  return out;
}

/** Pushes a whole list through a stage and ends it, so that a whole reply takes the same path as a stream. */
export function runStage<A, B>(stage: Stage<A, B>, inputs: readonly A[]): B[] {
  const out: B[] = [];
  for (const input of inputs) append(out, stage.push(input));
  append(out, stage.end());
  return out;
}
