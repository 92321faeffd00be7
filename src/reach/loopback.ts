import type { Server } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Where fcc's own servers listen, and whatever forwards a port. */
export const loopbackAddress = "127.0.0.1";

/** Milliseconds; nothing on this machine needs longer to take a connection. */
const patience = 1_000;

/** Opens a random port for a server. `close` ends all its connections. */
export async function listen(server: Server): Promise<{ readonly url: string; close(): Promise<void> }> {
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, loopbackAddress, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${loopbackAddress}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Node's `closeAllConnections` knows nothing of one that asked for a tunnel, which its client may keep half open after the refusal.
        for (const socket of connections) socket.destroy();
      }),
  };
}

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
