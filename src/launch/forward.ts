import { setTimeout as wait } from "node:timers/promises";
import { freePort, takesConnections } from "../reach/loopback.ts";
import type { Beside, Besides } from "./beside.ts";

/** What stands for the port in a command, and how programs say which one they took: "Forwarding from 127.0.0.1:40213 -> 8000". */
const placeholder = "{port}";
const saidPort = /(?:127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})\b/;

export interface Forwarding {
  readonly port: number;
  /** Undefined for as long as the command runs. */
  readonly ended: string | undefined;
}

/**
 * Starts a command that forwards a port of this machine, and waits until something takes connections there. The port is chosen here where the
 * command has a place for it, else it is the one that the command says.
 */
export async function startForward(
  command: readonly string[],
  besides: Besides,
  patience: number,
): Promise<Forwarding | { readonly fault: string; readonly said: readonly string[] }> {
  const chosen = command.some((word) => word.includes(placeholder)) ? await freePort() : undefined;
  let port = chosen;
  const beside: Beside = besides.start(
    command.map((word) => word.replaceAll(placeholder, String(chosen))),
    {
      heard: (line) => {
        port ??= Number(saidPort.exec(line)?.[1] ?? Number.NaN) || undefined;
      },
    },
  );
  const { said } = beside;
  for (const until = performance.now() + patience; ; ) {
    if (beside.ended !== undefined) return { fault: beside.ended, said };
    if (port !== undefined && (await takesConnections(port))) {
      // What answered may be something else, where the command could not have the port.
      await wait(0);
      if (beside.ended === undefined) break;
      continue;
    }
    if (performance.now() > until) {
      await beside.end();
      const seconds = `${patience / 1000} s`;
      const fault =
        port === undefined
          ? `said no port within ${seconds}: write ${placeholder} where the command takes one`
          : `has forwarded nothing at port ${port} within ${seconds}`;
      return { fault, said };
    }
    await wait(30);
  }
  const found = port;
  return {
    port: found,
    get ended() {
      return beside.ended;
    },
  };
}
