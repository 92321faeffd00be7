import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Request } from "../../src/model/request.ts";
import { createCounts } from "../../src/proxy/counts/counts.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { countingIds } from "../laws/translation.ts";
import { type LlamaServer, startLlama } from "./llama-server.ts";

const llama = inject("llama");
const folder = join(import.meta.dirname, "../recordings/requests");

// biome-ignore lint/suspicious/noExplicitAny: bodies of the wire.
type Json = any;

/** The sessions that Claude Code really sent, without what this text model cannot count and what never reaches a model. */
const sessions = readdirSync(folder)
  .filter((name) => name.startsWith("claude-"))
  .map((name) => {
    const { requests } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { requests: { path: string; body: Json }[] };
    const bodies = requests
      .map(({ body }) => body)
      .filter((body) => body?.messages !== undefined && !JSON.stringify(body).includes('"type":"image"'))
      .map((body) => ({
        ...body,
        system: body.system?.filter(({ text }: Json) => !text.startsWith("x-anthropic-billing-header")),
      }));
    return [name, bodies] as const;
  });

describe.skipIf(llama === undefined)("what a prompt counts, by a real vocabulary", () => {
  let server: LlamaServer;
  beforeAll(async () => {
    if (llama) server = await startLlama(llama, "hermes");
  });
  afterAll(() => server?.close());

  it.each(sessions)("is never much too low at first, and nearly exact after the first reply: %s", async (name, bodies) => {
    const counts = createCounts();
    const figures: string[] = [];
    let main = 0;
    for (const body of bodies) {
      const request = accepted(body);
      const real = await counted(server.url, body);
      const first = createCounts().count("target", request).tokens;
      expect(first / real).toBeGreaterThan(0.9);
      // A call beside the session, such as a web search, is a prompt of another kind: it is a first one.
      if (request.turns.length >= main && main > 0) {
        const next = counts.count("target", request).tokens;
        figures.push(`${real}: first ${first}, then ${next} (${((next / real - 1) * 100).toFixed(1)} %)`);
        expect(Math.abs(next / real - 1)).toBeLessThan(0.05);
      } else figures.push(`${real}: first ${first} (${((first / real - 1) * 100).toFixed(1)} %)`);
      counts.learn("target", { request, anew: () => request, bytes: JSON.stringify(body).length, input: real });
      main = Math.max(main, request.turns.length);
    }
    process.stdout.write(`${name}: ${figures.join("; ")}\n`);
  });
});

function accepted(body: Json): Request {
  const read = messagesClient.accept(body, { ids: countingIds(), now: 0 });
  if ("failure" in read) throw new Error(read.failure.message);
  return read.request;
}

async function counted(url: string, body: Json): Promise<number> {
  const response = await fetch(`${url}/v1/messages/count_tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, stream: undefined }),
  });
  return ((await response.json()) as Json).input_tokens;
}
