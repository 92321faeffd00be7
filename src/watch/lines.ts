import { createWriteStream, fchmodSync, fstatSync, openSync } from "node:fs";
import { maskOf, withoutSecretsIn } from "../route/secrets.ts";
import { redact } from "../wire/failure/redact.ts";

/** A file of JSON lines for its owner alone. */
interface Lines {
  write(line: object): void;
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
  const mask = maskOf(secrets);
  const clean = (text: string) => redact(mask(text));
  return {
    write(line) {
      if (problem !== undefined) return;
      // A line's own names are ours, and stay where a header that is kept secret says no more than "stream".
      const cleaned = Object.entries(line).map(([name, value]) => [name, withoutSecretsIn(value, clean)]);
      stream.write(`${JSON.stringify(Object.fromEntries(cleaned))}\n`);
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
