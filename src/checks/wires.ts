import type { WireName } from "../model/opaque.ts";
import { type Check, doubt, type Finding, findingsOn, good } from "./finding.ts";
import type { Ask } from "./probe/probe.ts";
import { tryToolCall } from "./probe/tool-call.ts";
import { judgeToolCall } from "./tools.ts";

interface Spoken {
  readonly wire: WireName;
  readonly ask: Ask;
}

/** Every wire that the server's kind speaks, with the same question: which of them a launch should take. */
export function wiresCheck(spoken: readonly Spoken[], inUse: WireName): Check {
  return {
    id: "wires",
    title: "wires of the server",
    after: ["authentication", "model"],
    async run() {
      const tried: { wire: WireName; finding: Finding }[] = [];
      for (const { wire, ask } of spoken) tried.push({ wire, finding: judgeToolCall(await tryToolCall(ask)) });
      const own = tried.find(({ wire }) => wire === inUse);
      const seen = tried
        .map(
          ({ wire, finding }) =>
            `${wire}${wire === inUse ? " (in use)" : ""}: ${finding.state === "bad" ? shortly(finding.seen) : "works"}`,
        )
        .join("; ");
      const on = findingsOn("the same question with a tool on each wire");
      if (own?.finding.state !== "bad") return on.good(seen);
      const better = tried.find(({ finding }) => finding.state === "good") ?? tried.find(({ finding }) => finding.state === "doubt");
      if (better === undefined) return tried.length > 1 ? on.bad(seen) : on.good(seen);
      const todo = `Take ${better.wire}: write \`via: ${better.wire}\` for this provider; \`fcc doctor --fix\` does it.`;
      // A launch goes on by another wire where this one is not there at all, and asks in vain each time.
      const finding = isAbsent(own.finding.seen) ? on.doubt(seen, todo) : on.bad(seen, todo);
      return { ...finding, fix: { via: better.wire } };
    },
  };
}

const absent = "no such address";
const isAbsent = (seen: string) => seen.startsWith(absent);

/** A kind of server seldom has all its wires: which addresses were tried for one that is not in use is of no interest. */
const shortly = (seen: string) => (isAbsent(seen) ? absent : seen);

/** What the server refused of requests and fcc then left out: said beforehand, it saves a refusal in each launch. */
export function refusedCheck(learned: () => readonly string[]): Check {
  return {
    id: "refused-fields",
    title: "refused fields",
    after: ["answer"],
    async run() {
      const fields = learned();
      if (fields.length === 0) return good("none");
      const todo = "`fcc doctor --fix` writes them down, so that they are never sent.";
      return { ...doubt(`${fields.join(", ")}: fcc found out and left them out`, todo), fix: { quirks: { refusedFields: fields } } };
    },
  };
}
