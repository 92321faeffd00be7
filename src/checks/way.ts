import type { Forward } from "../reach/reach.ts";
import type { Step } from "../reach/trace.ts";
import { type Check, findingsOn, good, skipped } from "./finding.ts";

const steps: readonly (readonly [step: Step["step"], id: string, title: string])[] = [
  ["HTTP proxy", "http-proxy", "HTTP proxy"],
  ["name", "dns", "name (DNS)"],
  ["TCP", "tcp", "connection (TCP)"],
  ["TLS", "tls", "security (TLS)"],
];

/** The command that leads to the server, where there is one. */
export function viaCheck(command: string, open: () => ReturnType<Forward>): Check {
  return {
    id: "via",
    title: "what leads there",
    after: ["profile"],
    async run() {
      const opened = await open();
      return opened.failure
        ? findingsOn(command).bad(opened.failure.message)
        : good(`port ${opened.port} of this machine, by \`${command}\``);
    },
  };
}

/** The way to the server, a check for each step of it. */
export function wayChecks(trace: () => Promise<readonly Step[]>): readonly Check[] {
  return steps.map(([step, id, title], index) => ({
    id,
    title,
    after: ["profile", "via", ...steps.slice(0, index).map(([, before]) => before)],
    async run() {
      const found = (await trace()).find((one) => one.step === step);
      if (found === undefined) return skipped("the way did not get there");
      if (found.failure !== undefined) return findingsOn(found.seen).failed(found.failure);
      return found.skipped === true ? skipped(found.seen) : good(found.seen);
    },
  }));
}
