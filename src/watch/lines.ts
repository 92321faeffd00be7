import { createWriteStream, fchmodSync, fstatSync, openSync } from "node:fs";
import { redact } from "../wire/failure/redact.ts";

/** A file of JSON lines for its owner alone. */
export interface Lines {
  write(value: unknown): void;
  /** Waits until all is written; answers what went wrong meanwhile, if anything did. */
  close(): Promise<Error | undefined>;
}

/**
 * Lines are added to what is there, and values that must never be written are masked in them. Throws only when the file cannot be opened,
 * before anything has begun; a disk that is full later ends the file and nothing else.
 */
export function openLines(file: string, secrets: readonly string[]): Lines {
  const descriptor = openSync(file, "a", 0o600);
  const found = fstatSync(descriptor);
  // The file may have been there, with wider rights. A device has none of its own, and another owner's file is theirs to guard.
  if (found.isFile() && found.uid === (process.getuid?.() ?? found.uid)) fchmodSync(descriptor, 0o600);
  const stream = createWriteStream(file, { fd: descriptor });
  let problem: Error | undefined;
  stream.on("error", (error) => {
    problem ??= error;
  });
  const clean = masker(secrets);
  return {
    write(value) {
      if (problem === undefined) stream.write(`${JSON.stringify(clean(value))}\n`);
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
