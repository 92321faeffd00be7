import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { readMessagesStream } from "../support/messages-grammar.ts";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { launch } from "../support/proxy.ts";
import { startUpstream } from "../support/upstream.ts";
import { chatStream, habit, requestOf, saying, session } from "./arbitraries.ts";

/** What becomes of one reply: it is sent whole, its connection breaks or ends after some bytes, the server fails, or the client leaves. */
const fate = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ type: "whole" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom("broken" as const, "ended" as const, "left" as const), at: fc.nat({ max: 5000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("failed" as const), status: fc.constantFrom(400, 401, 404, 429, 500, 503, 529) }) },
);

type Fate = typeof fate extends fc.Arbitrary<infer Value> ? Value : never;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describe("the laws of a whole session, on real sockets", () => {
  it("whatever becomes of its replies, each is told once and legally, and nothing of it stays open", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const upstream = await startUpstream();
    open.push(upstream);
    const proxy = await launch(profileOf([targetOf(providerAt(upstream.url))]));
    open.push(proxy);
    const turn = async (messages: readonly object[], reply: Buffer, becomes: Fate): Promise<void> => {
      upstream.script((_arrived, response) => {
        if (becomes.type === "failed") {
          response.writeHead(becomes.status, { "content-type": "application/json" }).end('{"error":{"message":"no"}}');
          return;
        }
        response.writeHead(200, { "content-type": "text/event-stream" });
        if (becomes.type === "whole") return void response.end(reply);
        const part = reply.subarray(0, becomes.at % reply.length);
        response.write(part.length > 0 ? part : ": waiting\n\n", () => {
          if (becomes.type === "broken") response.destroy();
          if (becomes.type === "ended") response.end();
        });
      });
      const before = upstream.requests.length;
      if (becomes.type === "left") {
        const client = proxy.open("/v1/messages", requestOf(messages));
        const arrived = await upstream.request(before + 1);
        proxy.abandon();
        await client.then(
          ({ whole }) => whole.catch(() => {}),
          () => {},
        );
        expect(await arrived.closed).toMatchObject({ early: true });
        return;
      }
      const answer = await proxy.post("/v1/messages", requestOf(messages));
      // A target that failed may be left alone for a while, but it is the only one, so that it is always asked.
      expect(upstream.requests.length).toBeGreaterThan(before);
      if (answer.status !== 200) {
        expect(answer.json).toMatchObject({ type: "error", error: { type: expect.any(String), message: expect.any(String) } });
        expect(becomes.type).not.toBe("whole");
        return;
      }
      const told = readMessagesStream(answer.text);
      expect(told.problems).toEqual([]);
      if (becomes.type === "whole") expect(told.stop).toBeDefined();
      // The end may have been among the bytes that came.
      else
        expect(
          told.error !== undefined || reply.subarray(0, "at" in becomes ? becomes.at % reply.length : 0).includes('"finish_reason":"'),
        ).toBe(true);
    };
    try {
      await fc.assert(
        fc.asyncProperty(session, fc.array(fc.tuple(saying, habit, fate), { minLength: 1, maxLength: 4 }), async (groups, replies) => {
          for (const [index, [say, how, becomes]] of replies.entries()) {
            const messages = groups.slice(0, Math.min(groups.length, index + 1)).flat();
            await turn(messages, Buffer.from(chatStream(say, how)), becomes);
          }
        }),
        { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 60) },
      );
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  }, 60_000);
});
