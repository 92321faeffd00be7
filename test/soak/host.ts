import { readdirSync } from "node:fs";
import { wires } from "../../src/cli/wires.ts";
import type { WireName } from "../../src/model/opaque.ts";
import { startProxy } from "../../src/proxy/server.ts";
import { createReach } from "../../src/reach/reach.ts";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";

/** fcc's proxy in a process of its own, which tells what it holds when it is asked. */
const upstream = process.argv[2] ?? "";
const speaking = (wire: WireName) =>
  targetOf(
    providerAt(upstream, {
      id: wire,
      speaks: { [wire]: { baseUrl: `${upstream}/v1` } },
      timeout: { connect: 2000, firstByte: 3000, idle: 3000 },
    }),
  );
const [chat, messages, responses] = [speaking("chat"), speaking("messages"), speaking("responses")];
let count = 0;
const proxy = await startProxy({
  profile: profileOf([chat], { tiers: { opus: [messages], sonnet: [responses], haiku: [chat], fable: [chat] }, keepAliveAfter: 500 }),
  reach: createReach({ env: {} }),
  sink: () => {},
  ids: {
    next(prefix) {
      count += 1;
      return `${prefix}${count}`;
    },
  },
  clock: () => performance.timeOrigin + performance.now(),
  wires,
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
process.on("message", async () => {
  for (let times = 0; times < 4; times += 1) {
    (globalThis as { gc?: () => void }).gc?.();
    await pause(30);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const files = process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
  process.send?.({ held: heapUsed + external, rss, files, processor: (user + system) / 1000 });
});
process.send?.({ url: proxy.url, token: proxy.token });
