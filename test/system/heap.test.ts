import { Session } from "node:inspector";
import { constants, PerformanceObserver } from "node:perf_hooks";
import v8 from "node:v8";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { holdInHeap, sparing } from "../../src/system/heap.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { launch, messagesRequest } from "../support/proxy.ts";
import { answerJson, answerStream, chatStream, startUpstream } from "../support/upstream.ts";

const open = closedAfterEachTest();
const kilobytes = 1024;
const grown = ["--heap-growing-percent=0", "--semi-space-growth-factor=2"];
let set: string[];

beforeEach(() => {
  set = [];
  vi.spyOn(v8, "setFlagsFromString").mockImplementation((flag) => void set.push(flag));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  if (vi.isFakeTimers()) vi.runAllTimers();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("leaves a sparing heap sparing for one request of an agent, and for several in turn", () => {
  for (let round = 0; round < 10; round += 1) holdInHeap(300 * kilobytes)();
  vi.runAllTimers();
  expect(set).toEqual([]);
});

it("lets V8 have its way while more is answered, of one request or of many, and for some seconds", () => {
  const small = Array.from({ length: 20 }, () => holdInHeap(16 * kilobytes));
  expect(set).toEqual([]);
  const large = holdInHeap(100 * kilobytes);
  expect(set).toEqual(grown);
  large();
  vi.advanceTimersByTime(4_000);
  expect(set).toEqual(grown);
  // What is asked meanwhile and is small in itself does not put it off.
  holdInHeap(kilobytes)();
  vi.advanceTimersByTime(1_000);
  expect(set).toEqual([...grown, ...sparing]);
  for (const release of small) release();
  vi.runAllTimers();
  expect(set).toEqual([...grown, ...sparing]);
});

it("stays so where a long conversation goes on", () => {
  for (let turn = 0; turn < 5; turn += 1) {
    holdInHeap(400 * kilobytes)();
    vi.advanceTimersByTime(4_900);
  }
  expect(set).not.toContain(sparing[0]);
  vi.advanceTimersByTime(100);
  expect(set.slice(-2)).toEqual(sparing);
});

it("has V8 give back what it took once nobody is answered any more, and not before", async () => {
  const post = vi.spyOn(Session.prototype, "post");
  const small = holdInHeap(1);
  holdInHeap(400 * kilobytes)();
  vi.advanceTimersByTime(5_000);
  expect(set.slice(-2)).toEqual(sparing);
  expect(post).not.toHaveBeenCalled();
  small();
  const collected = new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntries().some((entry) => (entry as { detail?: { kind: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR))
        resolve(observer.disconnect());
    });
    observer.observe({ entryTypes: ["gc"] });
  });
  vi.advanceTimersByTime(5_000);
  expect(post).toHaveBeenCalledOnce();
  await collected;
});

it("goes on where Node's permission model refuses the inspector", () => {
  const connect = vi.spyOn(Session.prototype, "connect").mockImplementation(() => {
    throw new Error("Access to this API has been restricted.");
  });
  holdInHeap(400 * kilobytes)();
  vi.advanceTimersByTime(5_000);
  expect(connect).toHaveBeenCalledOnce();
  expect(set.slice(-2)).toEqual(sparing);
});

it.each([
  ["answered", 200, answerStream(chatStream(["hello"]))],
  ["refused", 400, answerJson({ error: { message: "no" } }, 400)],
] as const)("counts a request until it has been %s", async (_how, status, script) => {
  vi.useRealTimers();
  const upstream = await startUpstream(script);
  const proxy = await launch(profileOf([targetOf(providerAt(upstream.url, { speaks: { chat: { baseUrl: upstream.url } } }))]));
  open.push(proxy, upstream);
  const content = "x".repeat(500 * kilobytes);
  const body = messagesRequest({ stream: true, messages: [{ role: "user", content }] });
  const ask = async () => expect((await proxy.post("/v1/messages", body)).status).toBe(status);
  await ask();
  expect(set).toEqual(grown);
  // Only where the first one counts no longer, a second one makes a difference.
  const secondAsk = async () => {
    await ask();
    expect(set.length).toBeGreaterThan(grown.length);
  };
  await vi.waitFor(secondAsk, { timeout: 20_000 });
});
