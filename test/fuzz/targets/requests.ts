import fc from "fast-check";
import { wires } from "../../../src/cli/wires.ts";
import { estimatePrefixes } from "../../../src/mend/estimate.ts";
import { mend } from "../../../src/mend/mend.ts";
import type { WireName } from "../../../src/model/opaque.ts";
import type { Quirks } from "../../../src/model/quirks.ts";
import { requestOf, session } from "../../laws/arbitraries.ts";
import type { Corpus } from "../corpus.ts";
import { mutateJson } from "../mutate.ts";
import type { Target } from "../target.ts";
import { plainRequests, someQuirks, wireNames } from "../way.ts";

interface Asked {
  readonly client: WireName;
  readonly provider: WireName;
  readonly quirks: Quirks;
  readonly body: unknown;
}

/** A client's request, whatever is in it: refused in words, or accepted and written for a provider. */
export function requests(corpus: Corpus): Target<Asked> {
  return {
    name: "requests",
    share: 130,
    make(random) {
      const client = random.pick(wireNames);
      const other = random.chance(20) ? random.pick(wireNames) : client;
      let body: unknown = random.pick([plainRequests[other], ...corpus.requests[other]]);
      if (client === "messages" && random.chance(10))
        body = requestOf((fc.sample(session, { seed: random.below(2 ** 31), numRuns: 1 })[0] ?? []).flat());
      for (let changes = 1 + random.below(4); changes > 0; changes -= 1) body = mutateJson(body, random);
      return { client, provider: random.pick(wireNames), quirks: random.pick(someQuirks), body };
    },
    check({ client, provider, quirks, body }) {
      let count = 0;
      const ids = { next: (prefix: string) => `${prefix}${++count}` };
      const accepted = wires.clients[client].accept(body, { ids, now: 1 });
      if ("failure" in accepted) {
        const { status, body: told } = wires.clients[client].writeFailure(accepted.failure, "req_1");
        JSON.stringify(told);
        return status >= 400 && status < 500 ? undefined : `a client's fault is told with ${status}`;
      }
      const tokens = estimatePrefixes(accepted.request).at(-1) ?? 0;
      if (!Number.isFinite(tokens) || tokens < 0) return `an estimate of ${tokens}`;
      const mended = mend(accepted.request, { quirks, ids, wire: provider, inputEstimate: () => tokens });
      const opened = wires.providers[provider].open(mended.request, { ids, model: "m", maker: "lab/m", quirks });
      const written = JSON.parse(JSON.stringify(opened.body)) as Record<string, unknown>;
      return written["model"] === "m" ? undefined : `the model became ${JSON.stringify(written["model"])}`;
    },
    show: (input) => JSON.stringify(input).slice(0, 3000),
  };
}
