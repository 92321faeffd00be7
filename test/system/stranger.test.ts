import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { listenersIn, strangerAt } from "../../src/system/stranger.ts";

const four = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 11715618 1 00000000c5cf08f0 100 0 0 10 0
   1: 00000000:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 11715614 1 00000000ae4a57f0 100 0 0 10 0
   2: 0100007F:2CAA 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1003        0 11715615 1 00000000ae4a57f1 100 0 0 10 0
   3: 0500000A:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1004        0 11715616 1 00000000ae4a57f2 100 0 0 10 0
   4: 0100007F:2CAB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1005        0 11715617 1 00000000ae4a57f3 100 0 0 10 0
   5: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1009        0 11715618 1 00000000ae4a57f4 100 0 0 10 0
`;
const all = "00000000000000000000000000000000";
const six = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: ${all}:2CAA ${all}:0000 0A 00000000:00000000 00:00000000 00000000  1006        0 1 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:2CAA ${all}:0000 0A 00000000:00000000 00:00000000 00000000  1007        0 2 1 0000000000000000 100 0 0 10 0
   2: 00000000000000000000000001000000:2CAA ${all}:0000 0A 00000000:00000000 00:00000000 00000000  1008        0 3 1 0000000000000000 100 0 0 10 0
   3: 000000FD00000000000000000100007F:2CAA ${all}:0000 0A 00000000:00000000 00:00000000 00000000  1010        0 4 1 0000000000000000 100 0 0 10 0
`;

it("who listens at a port of 127.0.0.1, alone or among all addresses", () => {
  expect(listenersIn(four, 11434)).toEqual([1001, 1002]);
  expect(listenersIn(six, 11434)).toEqual([1006, 1007]);
  expect(listenersIn(four, 80)).toEqual([1009]);
  expect(listenersIn("", 11434)).toEqual([]);
});

let theirs: ChildProcess | undefined;
afterEach(() => {
  vi.restoreAllMocks();
  theirs?.kill("SIGKILL");
});

/** What a program of another user prints first. It becomes that user itself: they may not be able to read where this Node lies. */
async function firstSaid(script: string): Promise<string> {
  theirs = spawn(process.execPath, ["-e", script], { cwd: "/", stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await once(theirs.stdout as NodeJS.ReadableStream, "data");
  return String(said);
}

describe.runIf(process.platform === "linux" && process.getuid?.() === 0)("at a port of this machine", () => {
  it("another user's program is a stranger, one's own is none", async () => {
    const port = await firstSaid(
      'process.setuid(4321); const s = require("net").createServer().listen(0, "127.0.0.1", () => console.log(String(s.address().port)))',
    );
    expect(strangerAt(Number(port))).toBe(4321);

    const own = createServer().listen(0, "127.0.0.1");
    await once(own, "listening");
    const address = own.address();
    expect(strangerAt(typeof address === "object" ? (address?.port ?? 0) : 0)).toBeUndefined();
    own.close();
    vi.spyOn(process, "getuid").mockReturnValue(4321);
    expect(strangerAt(Number(port))).toBeUndefined();
  });

  it("what is run for all is nobody else's: the system's accounts, and those of its services", async () => {
    const users = [999, 1000, 61183, 61184, 65534, 65535];
    // Without an address to look up the socket is made at once, by the user of that moment; it is among the sockets of IPv6.
    const said = await firstSaid(`const ports = [];
      for (const user of ${JSON.stringify(users)}) {
        process.seteuid(user);
        const server = require("net").createServer().listen(0, () => {
          ports.push([user, server.address().port]);
          if (ports.length === ${users.length}) console.log(JSON.stringify(ports));
        });
        process.seteuid(0);
      }`);
    const strangers = new Map<number, number | undefined>(JSON.parse(said).map(([user, port]: number[]) => [user, strangerAt(port ?? 0)]));
    expect(users.map((user) => strangers.get(user))).toEqual([undefined, 1000, 61183, undefined, undefined, 65535]);
  });
});
