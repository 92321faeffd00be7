import { modelIn } from "../discover/index.ts";
import type { Failure } from "../model/failure.ts";
import { addressSetting } from "../route/address-source.ts";
import { nearest } from "../route/nearest.ts";
import { largerWindow, nameOf, storedKeys } from "../route/target.ts";
import { bad, type Check, doubt, findingsOn, good, skipped } from "./finding.ts";
import { count, type Subject } from "./subject.ts";

const asked = findingsOn("a short question");
const refusals = new Set<Failure["kind"]>(["unauthorized", "forbidden", "out-of-quota"]);

/** Whether the server takes the key, has the model, and what it says of the window. */
export function servedChecks({ target, discovery, greeting, fixedPrompt, window: windowInForce }: Subject): readonly Check[] {
  const { provider } = target;
  const from = provider.keySource;
  return [
    {
      id: "authentication",
      title: "authentication",
      after: ["profile", "via", "http-proxy", "dns", "tcp", "tls"],
      async run() {
        const [{ failure: listed }, { failure: answered }] = [await discovery(), await greeting()];
        // A key may be for the models alone (OpenAI's restricted ones), which is all that a launch asks for.
        const failure = answered && [listed, answered].find((one) => one !== undefined && refusals.has(one.kind));
        if (failure === undefined) return good(from === undefined ? "none is asked for" : `the key of ${from} is taken`);
        const refused = from === undefined ? "wants a key and has got none" : `refuses the key of ${from}`;
        // A stored key comes after every other: beside one it would change nothing.
        const todo =
          from === undefined || from === storedKeys
            ? `\`fcc keys set ${provider.id}\` stores ${from === undefined ? "one" : "another"}.`
            : `Renew it where it comes from (${from}).`;
        return findingsOn("a list of models and a short question").bad(`${provider.id} ${refused}: ${failure.message}`, todo);
      },
    },
    {
      id: "model",
      title: "model",
      after: ["authentication"],
      async run() {
        const found = await discovery();
        const name = nameOf(target);
        if (modelIn(found, name) !== undefined) return good(`${name} is in the server's list`);
        const { failure } = await greeting();
        // What is not there at all has no list either, and says nothing of a model.
        if (failure?.kind === "not-found" && failure.model === undefined && found.models.length === 0)
          return asked.bad(failure.message, `Set ${addressSetting(provider)} (${provider.source}).`);
        const ids = found.models.map(({ id }) => id);
        const near = nearest(name, ids);
        const others = ids.length === 0 ? "`fcc models` lists what there is." : `It has ${ids.slice(0, 5).join(", ")}.`;
        const todo = near === undefined ? others : `Did you mean ${provider.id}/${near}?`;
        if (failure?.kind === "not-found") return bad(`${provider.id} has no model ${name}: ${failure.message}`, todo);
        if (found.models.length === 0 && failure !== undefined) return skipped("the server gave no list and no answer");
        if (found.models.length === 0) return good(`${provider.id} lists no models`);
        return failure === undefined
          ? good(`${name} is not in the server's list, but it answers`)
          : doubt(`${name} is not in the server's list`, todo);
      },
    },
    {
      id: "window",
      title: "window",
      after: ["model"],
      async run() {
        const { context: window, source } = await windowInForce();
        if (window === undefined) return doubt("the server does not say how large its window is", "Set `context:` in the target.");
        const seen = `${count(window)} tokens (${source}); the client's first request has about ${count(fixedPrompt)}`;
        if (window >= fixedPrompt + 20_000) return good(seen);
        const command = largerWindow(target);
        const larger = command === undefined ? "65,536 is comfortable" : `\`${command}\``;
        const todo = `Start the server with a larger window (${larger}); with less, a launch leaves out tools.`;
        return window < 4096 ? bad(seen, todo) : doubt(seen, todo);
      },
    },
    {
      id: "answer",
      title: "first answer",
      after: ["model"],
      async run() {
        const heard = await greeting();
        if (heard.failure !== undefined) return asked.failed(heard.failure);
        return asked.good(`it answered at ${heard.seen.at(-1)?.url ?? provider.id}`);
      },
    },
  ];
}
