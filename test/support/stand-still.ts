import { existsSync } from "node:fs";

/** Lets nothing of this process run until so much time is over and the file is there, as ^Z does, and goes on where timers are next. */
export const standStill = (milliseconds: number, file: string) =>
  new Promise<void>((resolve) =>
    setImmediate(() => {
      const began = performance.now();
      const cell = new Int32Array(new SharedArrayBuffer(4));
      const passed = () => performance.now() - began;
      while (passed() < milliseconds || (!existsSync(file) && passed() < 10_000)) Atomics.wait(cell, 0, 0, 20);
      resolve();
    }),
  );
