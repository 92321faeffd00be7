import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Failure, failureKinds } from "../../../src/model/failure.ts";
import type { AssistantPart, Request, Turn, UserPart } from "../../../src/model/request.ts";
import { chatClient } from "../../../src/wire/chat/client.ts";
import { readFailure } from "../../../src/wire/failure.ts";
import { accepted } from "./accepting.ts";
import { open } from "./reading.ts";

/**
 * What this wire cannot say, and the generator leaves out: several texts side by side, blank texts, images in results, errors of results
 * as such, text after a call, documents without the quirk, cache marks, `top_k` without the quirk.
 */
const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((value) => value.trim() !== "");
const text = words.map((value) => ({ type: "text", text: value }) as const);
const image = fc.constantFrom(
  { type: "image", source: { type: "base64", mediaType: "image/png", data: "AAAA" } } as const,
  { type: "image", source: { type: "url", url: "https://example.com/a.png" }, detail: "low" } as const,
);
const json = fc.dictionary(words, fc.jsonValue(), { maxKeys: 3 }).map((value) => JSON.stringify(value));

const exchange = fc.record({
  asked: fc.tuple(text, fc.array(image, { maxLength: 2 })),
  thinking: fc.option(words),
  said: fc.option(text),
  calls: fc.array(fc.record({ name: fc.constantFrom("Read", "Bash"), json, result: fc.option(words) }), { maxLength: 3 }),
});

const turns = fc.tuple(fc.option(words), fc.array(exchange, { minLength: 1, maxLength: 4 })).map(([system, exchanges]) => {
  const list: Turn[] = system === null ? [] : [{ role: "system", parts: [{ type: "text", text: system }] }];
  let results: UserPart[] = [];
  let count = 0;
  for (const { asked, thinking, said, calls } of exchanges) {
    list.push({ role: "user", parts: [...results, asked[0], ...asked[1]] });
    const ids = calls.map(() => `call_${count++}`);
    const parts: AssistantPart[] = [
      ...(thinking === null ? [] : [{ type: "thinking", text: thinking } as const]),
      ...(said === null ? [] : [said]),
      ...calls.map((call, at) => ({ type: "tool-call", id: ids[at] ?? "", name: call.name, arguments: call.json }) as const),
    ];
    results = calls.map((call, at) => ({
      type: "tool-result",
      id: ids[at] ?? "",
      parts: [{ type: "text", text: call.result ?? "(no output)" }],
      error: false,
    }));
    if (parts.length > 0) list.push({ role: "assistant", parts });
  }
  if (results.length > 0) list.push({ role: "user", parts: results });
  return list;
});

const tool = fc.record({
  type: fc.constant("function" as const),
  name: fc.constantFrom("Read", "Bash"),
  description: words,
  parameters: fc.constant({ type: "object", properties: { a: { type: "string" } } }),
});

describe("round trips", () => {
  it("reads back a request as it was", () => {
    fc.assert(
      fc.property(
        turns,
        fc.array(tool, { minLength: 1, maxLength: 2 }),
        fc.constantFrom<Request["toolChoice"]>({ type: "auto" }, { type: "required" }, { type: "none" }, { type: "tool", name: "Read" }),
        fc.boolean(),
        fc.constantFrom<Request["reasoning"]>({}, { enabled: true, effort: "high" }, { enabled: false }),
        (said, tools, toolChoice, flag, reasoning) => {
          const request: Request = {
            model: "lab-model",
            turns: said,
            tools,
            toolChoice,
            parallelTools: flag,
            reasoning,
            maxOutput: 100,
            sampling: { temperature: 0.5 },
            stop: ["END"],
            schema: { name: "r", schema: { type: "object" } },
            stream: flag,
            cachesUnasked: true,
          };
          const { body } = open(request, { reasoningField: "reasoning_content", efforts: ["none", "low", "high"] });
          // The fields in which a client's server has its reasoning go on beside it.
          const read = JSON.stringify(accepted(JSON.parse(JSON.stringify(body))).request, (key, value) =>
            key === "own" ? undefined : value,
          );
          expect(JSON.parse(read)).toEqual(request);
        },
      ),
    );
  });

  /** Statuses that this wire shares between kinds. */
  const shared: Partial<Record<Failure["kind"], Failure["kind"]>> = {
    "refused-by-policy": "forbidden",
    unreachable: "overloaded",
    "cut-off": "overloaded",
    "refused-capability": "bad-request",
  };
  const waits: readonly Failure["kind"][] = ["rate-limited", "overloaded", "timed-out", "upstream"];
  it.each(failureKinds)("reads back the failure %s, and its wait", (kind) => {
    const told = chatClient.writeFailure({ kind, origin: "provider", message: "it is so", retryAfter: 3 }, "req_1");
    const read = readFailure({ ...told, text: JSON.stringify(told.body) }, 0);
    expect(read.kind).toBe(shared[kind] ?? kind);
    expect(read.message).toContain("it is so");
    if (waits.includes(kind)) expect(read.retryAfter).toBe(3);
  });
});
