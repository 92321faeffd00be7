import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { wires } from "../../src/cli/wires.ts";
import type { Fact } from "../../src/model/fact.ts";
import type { Ids } from "../../src/model/stage.ts";
import { type ProxyOptions, type StartedProxy, startProxy } from "../../src/proxy/server.ts";
import { createReach, type Reach, type ReachOptions } from "../../src/reach/reach.ts";
import type { Profile } from "../../src/route/target.ts";

export { wires };

export function countingIds(): Ids {
  let count = 0;
  return {
    next(prefix) {
      count += 1;
      return `${prefix}${String(count).padStart(6, "0")}`;
    },
  };
}

/** What Claude Code says of itself: a failure is told in its words, a program is told what happened. */
export const agent = { "x-app": "cli" };

export interface Launch extends StartedProxy {
  readonly facts: Fact[];
  readonly reach: Reach;
  /** Sends with the token and reads the answer to its end. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
  /** The first fact of this type, once there is one. */
  fact(type: Fact["type"]): Promise<Fact>;
  /** Every client goes away, answered or not. */
  abandon(): void;
  /** The answer as it comes. */
  open(path: string, body: unknown, headers?: Record<string, string>): Promise<Opened>;
}

/** JSON whose shape the test knows. */
type Parsed = ReturnType<JSON["parse"]>;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  readonly json: Parsed;
  /** The answer was cut before its end. */
  readonly cut: boolean;
}

export interface Opened {
  readonly answer: IncomingMessage;
  readonly chunks: Buffer[];
  text(): string;
  /** Goes away. */
  leave(): void;
  readonly whole: Promise<Answer>;
}

/** A proxy as a launch starts it, and a client that speaks plain HTTP to it. */
export async function launch(profile: Profile, over: Partial<ProxyOptions> & { readonly env?: ReachOptions["env"] } = {}): Promise<Launch> {
  const facts: Fact[] = [];
  const reach = createReach({ env: over.env ?? {}, ...(profile.boundary === undefined ? {} : { boundary: profile.boundary }) });
  const proxy = await startProxy({
    profile,
    reach,
    sink: (fact) => void facts.push(fact),
    ids: countingIds(),
    clock: () => Date.now(),
    wires,
    token: "t".repeat(43),
    ...over,
  });
  const requests = new Set<ClientRequest>();
  const open: Launch["open"] = (path, body, headers) =>
    send(requests, proxy, path, "POST", typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body), headers);
  return {
    ...proxy,
    facts,
    reach,
    open,
    async fact(type) {
      for (let wait = 0; wait < 200; wait += 1) {
        const found = facts.find((fact) => fact.type === type);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error(`no fact "${type}" among ${facts.map((fact) => fact.type).join(", ")}`);
    },
    abandon() {
      for (const request of requests) request.destroy();
    },
    post: async (path, body, headers) => (await open(path, body, headers)).whole,
    get: async (path, headers, method = "GET") => (await send(requests, proxy, path, method, undefined, headers)).whole,
    async close() {
      await proxy.close();
      await reach.close();
    },
  };
}

function send(
  requests: Set<ClientRequest>,
  proxy: StartedProxy,
  path: string,
  method: string,
  body: string | Buffer | undefined,
  headers: Record<string, string> = {},
): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${proxy.url}${path}`, {
      method,
      agent: false,
      headers: {
        authorization: `Bearer ${proxy.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
        ...headers,
      },
    });
    requests.add(request);
    request.on("close", () => requests.delete(request));
    request.on("error", reject);
    request.on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      const whole = new Promise<Answer>((done) => {
        const finish = (cut: boolean) => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString();
          done({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            bytes,
            text,
            get json() {
              return JSON.parse(text);
            },
            cut,
          });
        };
        answer.on("end", () => finish(false));
        answer.on("error", () => finish(true));
      });
      resolve({ answer, chunks, text: () => Buffer.concat(chunks).toString(), leave: () => request.destroy(), whole });
    });
    request.end(body);
  });
}

/** The events of a stream as `event: name` and parsed data. */
export function eventsOf(text: string): { readonly name: string | undefined; readonly data: Parsed }[] {
  return text
    .split("\n\n")
    .filter((block) => block.includes("data:"))
    .map((block) => {
      const data = /^data: ?(.*)$/m.exec(block)?.[1] ?? "";
      return { name: /^event: ?(.*)$/m.exec(block)?.[1], data: data === "[DONE]" ? data : JSON.parse(data) };
    });
}

/** The text that a Messages stream says. */
export function saidIn(text: string): string {
  return eventsOf(text)
    .map(({ data }) => (data.delta?.type === "text_delta" ? data.delta.text : ""))
    .join("");
}

export const messagesRequest = (over: object = {}) => ({
  model: "claude-sonnet-5-5",
  max_tokens: 1000,
  stream: true,
  messages: [{ role: "user", content: "hi" }],
  ...over,
});
