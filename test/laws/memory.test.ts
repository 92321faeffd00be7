import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Targets } from "../../src/route/target.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { launch, messagesRequest, saidIn } from "../support/proxy.ts";
import {
  answerJson,
  answerStream,
  answerText,
  chatStream,
  messagesStream,
  pause,
  type Script,
  startUpstream,
} from "../support/upstream.ts";

const open = closedAfterEachTest();

/** What a server is for a while: the wires that it has, the fields that it refuses, and what stands in its place while it is away. */
const state = fc.record({
  wires: fc.constantFrom<string[][]>(["messages"], ["chat"], ["messages", "chat"]),
  refuses: fc.subarray(["temperature", "top_p", "metadata"]),
  away: fc.option(fc.constantFrom("page", "unready", "limited", "busy", "drops"), { nil: undefined }),
});
type State = typeof state extends fc.Arbitrary<infer Value> ? Value : never;

const away: Readonly<Record<NonNullable<State["away"]>, Script>> = {
  page: answerText("404 page not found", 404),
  // A gateway that knows the first path only once the server is there.
  unready: (request, ...rest) =>
    (request.path === "/v1/messages" ? answerText("404 page not found", 404) : answerText("no healthy upstream", 503))(request, ...rest),
  limited: answerJson({ error: { message: "slow" } }, 429, { "retry-after": "30" }),
  busy: answerJson({ error: { message: "Overloaded" } }, 529),
  drops: (_request, response) => void response.socket?.destroy(),
};

/** The server in a state: it says the prompt's mark and its own name, a moment later. */
function being(now: State, name: string): Script {
  return async (request, ...rest) => {
    if (now.away !== undefined) return away[now.away](request, ...rest);
    const wire = request.path === "/v1/messages" ? "messages" : "chat";
    if (!now.wires.includes(wire)) return answerJson({ detail: "Not Found" }, 404)(request, ...rest);
    const field = now.refuses.find((one) => one in (request.json as object));
    if (field !== undefined) {
      const message = `Unsupported parameter: '${field}' is not supported with this model.`;
      return answerJson({ error: { message, param: field, code: "unsupported_parameter" } }, 400)(request, ...rest);
    }
    const text = `${/prompt-\d+/.exec(request.text)?.[0]} by ${name}`;
    await pause(text.length % 3);
    return answerStream((wire === "messages" ? messagesStream : chatStream)([text]))(request, ...rest);
  };
}

describe("what a launch has learned of its servers", () => {
  it("whatever they were before, helps as soon as they can answer, and spares asking twice", async () => {
    let prompts = 0;
    const whatHappens = fc.array(fc.record({ of: fc.nat(1), state, requests: fc.integer({ min: 1, max: 4 }) }), { maxLength: 6 });
    // A wire that has answered is held to be there: a server that had Messages once has them in the end.
    const there = state.map((now): State => ({ ...now, wires: [...new Set(["messages", ...now.wires])], away: undefined }));
    const atLast = fc.tuple(there, there);
    const messagesAlone: State = { wires: ["messages"], refuses: [], away: undefined };
    // The requests that come at once meet another server in the place of the one that was known.
    const replaced = { of: 0, state: { ...messagesAlone, wires: ["chat"] }, requests: 1 };
    await fc.assert(
      fc.asyncProperty(whatHappens, atLast, async (steps, last) => {
        const servers = [await startUpstream(away.busy), await startUpstream(away.busy)];
        let clock = Date.now();
        const targets = servers.map((server, index) => {
          const speaks = { messages: { baseUrl: server.url }, chat: { baseUrl: `${server.url}/v1` } };
          return targetOf(providerAt(server.url, { id: `p${index}`, speaks }));
        });
        const proxy = await launch(profileOf(targets as unknown as Targets), { clock: () => clock });
        open.push(proxy, ...servers);
        const ask = async () => {
          const mark = `prompt-${++prompts}`;
          const given = { temperature: 0.5, top_p: 0.5, metadata: { user_id: "u" }, messages: [{ role: "user", content: mark }] };
          const { status, text } = await proxy.post("/v1/messages", messagesRequest(given));
          // Nobody gets what another was told.
          if (status === 200) expect(saidIn(text)).toMatch(new RegExp(`^${mark} by p[01]$`));
          return { mark, said: status === 200 ? saidIn(text) : text };
        };
        for (const { of, state: now, requests } of steps) {
          servers[of]?.script(being(now, `p${of}`));
          await Promise.all(Array.from({ length: requests }, ask));
        }
        for (const [index, server] of servers.entries()) server.script(being(last[index] as State, `p${index}`));
        // Nothing is left alone for longer than an hour.
        clock += 3_700_000;
        for (const { mark, said } of await Promise.all([ask(), ask(), ask()])) expect(said).toBe(`${mark} by p0`);
        const before = servers.map((server) => server.requests.length);
        for (const { mark, said } of await Promise.all([ask(), ask(), ask()])) expect(said).toBe(`${mark} by p0`);
        expect(servers.map((server, index) => server.requests.length - (before[index] ?? 0))).toEqual([3, 0]);
        open.splice(0);
        await proxy.close();
        await expect.poll(() => servers.map((server) => server.sockets.size), { timeout: 5000 }).toEqual([0, 0]);
        for (const server of servers) await server.close();
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 40), examples: [[[replaced], [messagesAlone, messagesAlone]]] },
    );
  }, 60_000);
});
