import type { Environment } from "../model/environment.ts";

const loopback = ["127.0.0.1", "localhost"];

/** HTTP_PROXY holds for loopback too in the clients, so that NO_PROXY has to name it. What the user listed stays. */
export function withoutProxy(env: Environment): Environment {
  const extended = (list: string | undefined) => {
    const hosts = (list ?? "")
      .split(",")
      .map((host) => host.trim())
      .filter((host) => host !== "");
    // Many know "*" only where it stands alone.
    const missing = hosts.includes("*") ? [] : loopback.filter((host) => !hosts.includes(host));
    return [...hosts, ...missing].join(",");
  };
  return { NO_PROXY: extended(env["NO_PROXY"] ?? env["no_proxy"]), no_proxy: extended(env["no_proxy"] ?? env["NO_PROXY"]) };
}
