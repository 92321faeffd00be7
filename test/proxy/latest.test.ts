import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { ProviderWire } from "../../src/model/wire.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { launch, messagesRequest, wires } from "../support/proxy.ts";
import { answerStream, chatStream, pause, startUpstream } from "../support/upstream.ts";

const open = closedAfterEachTest();
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

it("the functions that read the latest answer are kept, and with none more of a request than half a megabyte", async () => {
  const readers: WeakRef<object>[] = [];
  const chat: ProviderWire = {
    open(request, context) {
      const { body, read } = wires.providers.chat.open(request, context);
      const stream = () => {
        const stage = read.stream();
        readers.push(new WeakRef(stage));
        return stage;
      };
      return { body, read: { ...read, stream } };
    },
  };
  const upstream = await startUpstream(answerStream(chatStream(["hello"])));
  const provider = providerAt(upstream.url, { speaks: { chat: { baseUrl: upstream.url } } });
  const watched = { ...wires, providers: { ...wires.providers, chat } };
  const proxy = await launch(profileOf([targetOf(provider)]), { wires: watched });
  open.push(proxy, upstream);

  for (const length of [10, 20, 600 * 1024]) {
    const messages = [{ role: "user", content: "x".repeat(length) }];
    expect((await proxy.post("/v1/messages", { ...messagesRequest(), stream: true, messages })).status).toBe(200);
  }
  const kept = () => readers.map((reader) => reader.deref() !== undefined);
  for (let tries = 0; tries < 100 && kept().filter(Boolean).length !== 1; tries += 1) {
    await pause(20);
    collect();
  }
  expect(kept()).toEqual([false, true, false]);
});
