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

it("the functions that read the latest stream are kept, and with none more of a request or a reply than half a megabyte", async () => {
  const readers: WeakRef<object>[] = [];
  const chat: ProviderWire = {
    open(request, context) {
      const { body, read } = wires.providers.chat.open(request, context);
      readers.push(new WeakRef(read));
      return { body, read };
    },
  };
  let reply = "hello";
  const upstream = await startUpstream((...asked) => answerStream(chatStream([reply]))(...asked));
  const provider = providerAt(upstream.url, { speaks: { chat: { baseUrl: upstream.url } }, quirks: { images: false } });
  const watched = { ...wires, providers: { ...wires.providers, chat } };
  const proxy = await launch(profileOf([targetOf(provider)]), { wires: watched });
  open.push(proxy, upstream);

  const text = (length: number) => ({ type: "text", text: "x".repeat(length) });
  // The model is shown none of it.
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "A".repeat(600 * 1024) } };
  for (const content of [[text(10)], [text(20)], [text(600 * 1024)], [text(10), image]]) {
    const request = messagesRequest({ stream: true, messages: [{ role: "user", content }] });
    expect((await proxy.post("/v1/messages", request)).status).toBe(200);
  }
  // However much a whole reply says, all of it would be kept.
  expect((await proxy.post("/v1/messages", messagesRequest({ stream: false }))).status).toBe(200);
  const kept = () => readers.map((reader) => reader.deref() !== undefined);
  for (let tries = 0; tries < 100 && kept().filter(Boolean).length !== 1; tries += 1) {
    await pause(20);
    collect();
  }
  expect(kept()).toEqual([false, true, false, false, false]);

  reply = "x".repeat(600 * 1024);
  expect((await proxy.post("/v1/messages", messagesRequest({ stream: true }))).status).toBe(200);
  for (let tries = 0; tries < 100 && kept().includes(true); tries += 1) {
    await pause(20);
    collect();
  }
  expect(kept()).not.toContain(true);
});
