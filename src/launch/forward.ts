import { setTimeout as wait } from "node:timers/promises";
import { freePort, takesConnections } from "../reach/loopback.ts";
import type { Via } from "../route/target.ts";
import { strangerAt } from "../system/stranger.ts";
import type { Sidecar, Sidecars } from "./sidecars.ts";

/** The port's placeholder in a command, and how programs report the port that they took: "Forwarding from 127.0.0.1:40213 -> 8000". */
const placeholder = "{port}";
const saidPort = /(?:127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})\b/;

export interface Forwarding {
  readonly port: number;
  /** Undefined for as long as the command runs. */
  readonly ended: string | undefined;
}

/**
 * Starts a command that forwards a local port, and waits until something accepts connections there. The port is chosen here where the command
 * has a placeholder for it; otherwise it is read from the command's output.
 */
export async function startForward(
  { command, folder }: Pick<Via, "command" | "folder">,
  sidecars: Sidecars,
  patience: number,
): Promise<Forwarding | { readonly fault: string; readonly lines: readonly string[] }> {
  const chosen = command.some((word) => word.includes(placeholder)) ? await freePort() : undefined;
  let port = chosen;
  const sidecar = sidecars.start(
    command.map((word) => word.replaceAll(placeholder, String(chosen))),
    {
      cwd: folder,
      onLine: (line) => {
        port ??= Number(saidPort.exec(line)?.[1]) || undefined;
      },
    },
  );
  const { lines } = sidecar;
  const until = performance.now() + patience;
  while (sidecar.ended === undefined) {
    const found = port;
    if (found !== undefined && (await takesConnections(found))) {
      // Where the command could not bind the port, something else may have answered: then the command is about to end.
      await wait(0);
      const stranger = strangerAt(found);
      if (stranger !== undefined) {
        // ssh goes on without the port that somebody else was quicker to take, and whoever lists processes reads which one it wants.
        await sidecar.end();
        return { fault: `could not have port ${found}: a program of another user (uid ${stranger}) listens there`, lines };
      }
      if (sidecar.ended === undefined) return forwarding(found, sidecar);
    } else if (performance.now() > until) {
      await sidecar.end();
      const within = `within ${patience / 1000} s`;
      const fault =
        found === undefined
          ? `said no port ${within}: write ${placeholder} where the command takes one`
          : `has forwarded nothing at port ${found} ${within}`;
      return { fault, lines };
    } else await wait(30);
  }
  return { fault: sidecar.ended, lines };
}

function forwarding(port: number, sidecar: Sidecar): Forwarding {
  return {
    port,
    get ended() {
      return sidecar.ended;
    },
  };
}
