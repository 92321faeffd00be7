import { wires } from "../../../src/cli/wires.ts";
import { failureKinds } from "../../../src/model/failure.ts";
import type { WireName } from "../../../src/model/opaque.ts";
import { runStage } from "../../../src/model/pipe.ts";
import { bodyOf } from "../../../src/proxy/incoming/body.ts";
import { findJsonFault } from "../../../src/proxy/incoming/json-fault.ts";
import { nativeBody } from "../../../src/proxy/native/body.ts";
import { tapStream } from "../../../src/proxy/native/taps.ts";
import { readFailure } from "../../../src/wire/failure.ts";
import { readSse } from "../../../src/wire/sse.ts";
import type { Corpus } from "../corpus.ts";
import { cut, mutateBytes, mutateJson, mutateText, words } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";
import { wireNames } from "../way.ts";

const show = (value: unknown) => JSON.stringify(value).slice(0, 3000);

/** Any split of the bytes of a stream gives the same messages. */
export function events(corpus: Corpus): Target<{ readonly bytes: Uint8Array; readonly parts: readonly Uint8Array[] }> {
  return {
    name: "server-sent events",
    share: 40,
    make(random) {
      const frames = random.pick(corpus.streams[random.pick(wireNames)]).slice(0, 1500);
      let bytes: Uint8Array = Buffer.from(random.chance(3) ? Array.from({ length: 20 }, () => random.pick(words)).join("") : frames);
      for (let changes = random.below(4); changes > 0; changes -= 1) bytes = mutateBytes(bytes, random);
      return { bytes, parts: cut(bytes, random) };
    },
    check({ bytes, parts }) {
      const whole = JSON.stringify(runStage(readSse(), [bytes]));
      const split = JSON.stringify(runStage(readSse(), parts));
      return whole === split ? undefined : `${whole.slice(0, 500)}\nbut split ${split.slice(0, 500)}`;
    },
    show: ({ parts }) => show(parts.map((part) => Buffer.from(part).toString("latin1"))),
  };
}

interface Refused {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Any answer that is none becomes a failure that people can read and every client can be told. */
export function failures(corpus: Corpus): Target<Refused> {
  return {
    name: "failures",
    share: 35,
    make(random) {
      let body = random.pick(corpus.errors);
      if (random.chance(2)) body = mutatedJson(body, random);
      while (random.chance(2)) body = mutateText(body, random);
      const headers: Record<string, string> = { "content-type": random.pick(["application/json", "text/html", "text/event-stream", ""]) };
      if (random.chance(2)) headers["retry-after"] = random.pick(["0", "-1", "5", "1e9", "NaN", "Fri, 27 Nov 2026 10:22:46 GMT", "x", ""]);
      return {
        status: random.pick([400, 401, 403, 404, 413, 422, 429, 500, 502, 503, 529, 599, 418, 100, 0]),
        headers,
        body,
      };
    },
    check({ status, headers, body }) {
      const failure = readFailure({ status, headers, text: body }, 1_795_000_000);
      if (!failureKinds.includes(failure.kind)) return `kind ${failure.kind}`;
      if (typeof failure.message !== "string" || failure.message === "") return "no message";
      if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(failure.message))
        return `unprintable: ${JSON.stringify(failure.message)}`;
      if (failure.retryAfter !== undefined && !(failure.retryAfter >= 0 && Number.isFinite(failure.retryAfter)))
        return `retryAfter ${failure.retryAfter}`;
      for (const client of wireNames) {
        const told = wires.clients[client].writeFailure(failure, "req_1");
        JSON.stringify(told.body);
        for (const value of Object.values(told.headers)) if (/[^\t\u0020-\u007e]/.test(value)) return `a header ${JSON.stringify(value)}`;
        if (!(told.status >= 400 && told.status < 600)) return `told with ${told.status}`;
      }
      return undefined;
    },
    show,
  };
}

function mutatedJson(text: string, random: Random): string {
  try {
    return JSON.stringify(mutateJson(JSON.parse(text), random)) ?? text;
  } catch {
    return text;
  }
}

/** What passes as bytes: the name of the model changes and nothing else, and a tap that cannot read stays silent. */
export function passing(corpus: Corpus): Target<{ readonly wire: WireName; readonly body: string; readonly stream: Uint8Array }> {
  return {
    name: "passing bytes",
    share: 20,
    make(random) {
      const wire = random.pick(wireNames);
      let body = JSON.stringify(random.pick(corpus.requests[wire]));
      while (random.chance(2)) body = random.chance(2) ? mutatedJson(body, random) : mutateText(body, random);
      let stream: Uint8Array = Buffer.from(random.pick(corpus.streams[wire]).slice(0, 3000));
      for (let changes = random.below(3); changes > 0; changes -= 1) stream = mutateBytes(stream, random);
      return { wire, body, stream };
    },
    check({ wire, body, stream }) {
      const bytes = Buffer.from(body);
      const read = bodyOf(bytes);
      const changed = nativeBody("failure" in read ? { bytes, model: undefined } : read, wire, "a/model", "box/a/model");
      let before: unknown;
      try {
        before = JSON.parse(body);
      } catch {
        const { position } = findJsonFault(body);
        if (position < 0 || position > body.length) return `a fault at ${position} of ${body.length}`;
        before = undefined;
      }
      const tap = tapStream(wire, {});
      tap.push(stream);
      tap.end(() => void tap.seen());
      if (typeof before !== "object" || before === null || !Object.hasOwn(before, "model") || Array.isArray(before)) return undefined;
      const after = JSON.parse(changed.toString("utf8")) as Record<string, unknown>;
      return after["model"] === "a/model" || typeof (before as Record<string, unknown>)["model"] !== "string"
        ? undefined
        : "the model's name stayed";
    },
    show: ({ wire, body }) => `${wire} ${body.slice(0, 3000)}`,
  };
}
