import { createWriteStream, fchmodSync, fstatSync, openSync } from "node:fs";
import type { Fact, Sink } from "../model/fact.ts";
import { redact } from "../wire/failure/redact.ts";

export interface Trace {
  readonly sink: Sink;
  /** Waits until all is written; answers what went wrong meanwhile, if anything did. */
  close(): Promise<string | undefined>;
}

export interface TraceOptions {
  readonly bodies: boolean;
  /** Values that must never be written: keys, the launch's token. */
  readonly secrets: readonly string[];
}

/**
 * Writes each fact as a line of JSON. Throws only when the file cannot be opened, before anything has begun; a disk that is full later
 * ends the trace and nothing else.
 */
export function openTrace(file: string, { bodies, secrets }: TraceOptions): Trace {
  const descriptor = openSync(file, "a", 0o600);
  // The file may have been there, with wider rights. A device has none of its own.
  if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600);
  const stream = createWriteStream(file, { fd: descriptor });
  let problem: string | undefined;
  stream.on("error", (error) => {
    problem ??= error.message;
  });
  const clean = masker(secrets);
  return {
    sink(fact) {
      if (problem === undefined) stream.write(`${JSON.stringify(clean(lineOf(fact, bodies)))}\n`);
    },
    close() {
      return new Promise((resolve) => {
        if (stream.destroyed || stream.closed) return resolve(problem);
        stream.once("close", () => resolve(problem));
        stream.end();
      });
    },
  };
}

function lineOf(fact: Fact, bodies: boolean): unknown {
  const time = new Date(fact.at).toISOString();
  if (!("body" in fact)) return { time, ...fact };
  const { body, ...rest } = fact;
  return { time, ...rest, ...(bodies && body ? { body: body() } : {}) };
}

function masker(secrets: readonly string[]): (value: unknown) => unknown {
  // The longest first, so that no key hides a part of another. Short ones would mask ordinary words.
  const known = secrets.filter((secret) => secret.length >= 6).toSorted((a, b) => b.length - a.length);
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return redact(known.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), value));
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
    return value;
  };
  return clean;
}
