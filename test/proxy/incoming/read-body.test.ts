import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { readBody } from "../../../src/proxy/incoming/read-body.ts";
import { pause } from "../../support/upstream.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

it("of a body that came in pieces the pieces are not kept beside the whole, however long its request lasts", async () => {
  const pieces: WeakRef<Buffer>[] = [];
  const piece = (text: string) => {
    const bytes = Buffer.from(text.padEnd(64 * 1024));
    pieces.push(new WeakRef(bytes));
    return bytes;
  };
  const request = new Readable({ read() {} });
  const read = readBody(Object.assign(request, { headers: {}, complete: true }) as unknown as IncomingMessage);
  request.push(piece('{"model":'));
  request.push(piece('"m"}'));
  request.push(null);
  expect(await read).toMatchObject({ fields: { model: "m" } });
  const left = () => pieces.filter((one) => one.deref() !== undefined).length;
  for (let tries = 0; tries < 50 && left() > 0; tries += 1) {
    await pause(10);
    collect();
  }
  expect(left()).toBe(0);
  // What reads it is held by it.
  expect(request.listenerCount("end")).toBeGreaterThan(0);
});
