import { expect, it } from "vitest";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { launch, messagesRequest } from "../support/proxy.ts";

const open = closedAfterEachTest();

it("a bug of fcc's own is told to the client without its stack, and the request is over for whoever watches", async () => {
  const broken = { send: () => Promise.reject(new Error("what nobody thought of")), close: async () => {} };
  const proxy = await launch(profileOf([targetOf(providerAt("http://127.0.0.1:9"))]), { reach: broken });
  open.push(proxy);
  const answer = await proxy.post("/v1/messages", messagesRequest());
  expect([answer.status, answer.json.error.message]).toEqual([500, "fcc failed on this request: Error: what nobody thought of"]);
  expect(proxy.facts.map(({ type }) => type)).toEqual(["request", "attempt", "failed", "answered"]);
  expect(proxy.facts.at(-2)).toMatchObject({ failure: { message: expect.stringContaining("server.test.ts") } });
  expect(proxy.facts.at(-1)).toMatchObject({ status: 500 });
});
