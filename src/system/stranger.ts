import { readFileSync } from "node:fs";

/**
 * The user id of somebody else whose program listens at a port of this machine's loopback; undefined: nobody's, or the system does not say
 * (only Linux does). What is run for all (root, a service's own account) is nobody else's.
 */
export function strangerAt(port: number): number | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  return [tableOf("tcp"), tableOf("tcp6")].flatMap((table) => listenersIn(table, port)).find((uid) => uid !== own && isPerson(uid));
}

/** Of Linux's tables of sockets (proc_pid_net(5)): the owners of those that take connections to 127.0.0.1. */
export function listenersIn(table: string, port: number): readonly number[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , uid] = line.trim().split(/\s+/);
    const [address = "", at] = local.split(":");
    return at === wanted && state === listening && toLoopback.test(address) ? [Number(uid)] : [];
  });
}

const listening = "0A";
/** 127.0.0.1 or all addresses, in either table's form. */
const toLoopback = /^(?:0{24}|0{16}FFFF0000)?(?:0100007F|0{8})$/;

/** Below 1000 are the system's accounts, from 61184 on those that systemd makes for a service, 65534 is who cannot be named here. */
const isPerson = (uid: number) => uid >= 1000 && !(uid >= 61184 && uid <= 65534);

function tableOf(name: string): string {
  try {
    return readFileSync(`/proc/net/${name}`, "utf8");
  } catch {
    return "";
  }
}
