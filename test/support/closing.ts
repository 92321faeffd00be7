import { afterEach } from "vitest";

/** A list for what a test opens; all of it is closed after the test. */
export function closedAfterEachTest(): { close(): Promise<void> }[] {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  return open;
}
