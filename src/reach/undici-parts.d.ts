/** undici declares its types for the whole of it alone. */
declare module "undici/lib/dispatcher/agent.js" {
  export { Agent as default } from "undici";
}
declare module "undici/lib/dispatcher/client.js" {
  export { Client as default } from "undici";
}
declare module "undici/lib/core/connect.js" {
  export { buildConnector as default } from "undici";
}
declare module "undici/lib/api/api-connect.js" {
  import type { Client, Dispatcher } from "undici";
  /** What the index hangs on every dispatcher as its method. */
  export default function connect(this: Client, options: Omit<Dispatcher.ConnectOptions, "origin">): Promise<Dispatcher.ConnectData>;
}

declare module "undici/lib/core/symbols.js" {
  /** On a socket: what reads its answers. */
  export const kParser: unique symbol;
}
