import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { listenersIn, strangerAt } from "../../src/system/stranger.ts";

const four = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 11715618 1 00000000c5cf08f0 100 0 0 10 0
   1: 00000000:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 11715614 1 00000000ae4a57f0 100 0 0 10 0
   2: 0100007F:2CAA 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1003        0 11715615 1 00000000ae4a57f1 100 0 0 10 0
   3: 0500000A:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1004        0 11715616 1 00000000ae4a57f2 100 0 0 10 0
   4: 0100007F:2CAB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1005        0 11715617 1 00000000ae4a57f3 100 0 0 10 0
`;
const all = "00000000000000000000000000000000";
const six = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: ${all}:2CAA ${all}:0000 0A 00000000:00000000 00:00000000 00000000  1006        0 1 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:2CAA ${all}:0000 0A 00000000:00000000 00:00000000 00000000  1007        0 2 1 0000000000000000 100 0 0 10 0
   2: 00000000000000000000000001000000:2CAA ${all}:0000 0A 00000000:00000000 00:00000000 00000000  1008        0 3 1 0000000000000000 100 0 0 10 0
`;

it("who listens at a port of 127.0.0.1, alone or among all addresses", () => {
  expect(listenersIn(four, 11434)).toEqual([1001, 1002]);
  expect(listenersIn(six, 11434)).toEqual([1006, 1007]);
  expect(listenersIn("", 11434)).toEqual([]);
});

let theirs: ChildProcess | undefined;
afterEach(() => void theirs?.kill("SIGKILL"));

it.runIf(process.platform === "linux" && process.getuid?.() === 0)("another user's program is a stranger, one's own is none", async () => {
  // It becomes the other user itself: that one may not be able to read where this Node lies.
  const script =
    'process.setuid(4321); const s = require("net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))';
  theirs = spawn(process.execPath, ["-e", script], { cwd: "/", stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await once(theirs.stdout as NodeJS.ReadableStream, "data");
  expect(strangerAt(Number(String(said)))).toBe(4321);

  const own = createServer().listen(0, "127.0.0.1");
  await once(own, "listening");
  const address = own.address();
  expect(strangerAt(typeof address === "object" ? (address?.port ?? 0) : 0)).toBeUndefined();
  own.close();
});
