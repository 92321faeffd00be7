import { type Check, type Examined, examine, type Finding, type Listener } from "../../checks/index.ts";

/** What a step of a launch came to: what there is to see of it, with what the launch goes on with, or the exit code by which it ends there. */
export type Taken<Value> = { readonly finding: Finding } & ({ readonly value: Value } | { readonly exitCode: number });

/** The way of a launch, told step by step. */
export interface Walk {
  /** All that was found so far. */
  readonly examined: readonly Examined[];
  /** How a launch would end here; 1 where it would go on, but the agent could do nothing. */
  readonly exitCode: number;
  /** Runs checks that a launch has not; false: one of them is bad. */
  look(checks: readonly Check[]): Promise<boolean>;
  /**
   * Takes a step with what the one before it gave. Undefined: the launch ends there, or has before.
   *
   * @param given undefined where the step before gave nothing: then `after` names it, so that this one is skipped
   */
  take<Given, Value>(
    check: Omit<Check, "run">,
    given: Given | undefined,
    step: (given: Given) => Promise<Taken<Value>>,
  ): Promise<Value | undefined>;
}

export function startWalk(listener: Listener): Walk {
  let examined: readonly Examined[] = [];
  let refusedWith = 1;
  const isBad = ({ state }: Examined) => state === "bad";
  const look: Walk["look"] = async (checks) => {
    const before = examined.length;
    examined = await examine(checks, { before: examined, ...listener });
    return !examined.slice(before).some(isBad);
  };
  return {
    get examined() {
      return examined;
    },
    get exitCode() {
      return examined.some(isBad) ? refusedWith : 0;
    },
    look,
    async take<Given, Value>(check: Omit<Check, "run">, given: Given | undefined, step: (given: Given) => Promise<Taken<Value>>) {
      let taken = undefined as Taken<Value> | undefined;
      const run = async () => {
        taken = await step(given as Given);
        return taken.finding;
      };
      await look([{ ...check, run }]);
      if (taken === undefined) return undefined;
      if ("value" in taken) return taken.value;
      refusedWith = taken.exitCode;
      return undefined;
    },
  };
}
