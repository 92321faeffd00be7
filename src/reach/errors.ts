/** Nothing came within the provider's time-outs. */
export class IdleTimeout extends Error {
  /** Milliseconds. */
  readonly limit: number;
  constructor(limit: number) {
    super("idle timeout");
    this.limit = limit;
  }
}

/** The client went away, or the launch ended. */
export class Aborted extends Error {}

/** No connection in the time that the provider allows. */
export class ConnectTimeout extends Error {}

/** The HTTP proxy did not open a tunnel, or wants credentials. */
export class TunnelRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the HTTP proxy answered ${status}`);
    this.status = status;
  }
}

/**
 * The HTTP proxy closed the connection on which it was asked for a tunnel, or answered what is no HTTP. Of the error itself (UND_ERR_SOCKET)
 * undici would think that a request had failed on a connection, and open one after the other without end.
 */
export class TunnelBroken extends Error {}

/** The HTTP proxy is asked in TLS, and that failed. */
export class ProxyTlsFailed extends Error {}

/** The environment names something as the HTTP proxy that is none. */
export class UnusableProxy extends Error {}
