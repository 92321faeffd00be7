import { connect, createServer } from "node:net";
import { loopbackAddress } from "./boundary.ts";

/** Milliseconds; nothing on this machine needs longer to take a connection. */
const patience = 1_000;

/** A port of this machine that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, loopbackAddress, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Whether something takes connections there. */
export function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: loopbackAddress, port });
    const done = (answer: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => done(false), patience);
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}
