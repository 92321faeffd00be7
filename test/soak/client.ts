import { request as httpRequest, type IncomingMessage } from "node:http";
import type { WireName } from "../../src/model/opaque.ts";

export interface Address {
  readonly url: string;
  readonly token: string;
}

export interface Said {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly bytes: number;
  /** The connection broke before the answer's end. */
  readonly cut: boolean;
  /** This client has gone away. */
  readonly left: boolean;
}

const paths: Readonly<Record<WireName, string>> = {
  messages: "/v1/messages",
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
};

/** One request; goes away after `leaveAfter` bytes of the answer. What is not kept is only counted. */
export function ask(
  proxy: Address,
  wire: WireName,
  body: string,
  { leaveAfter = Number.POSITIVE_INFINITY, keep = true }: { readonly leaveAfter?: number; readonly keep?: boolean } = {},
): Promise<Said> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let answer: IncomingMessage | undefined;
    const finish = (cut: boolean) => {
      const text = Buffer.concat(chunks).toString();
      resolve({
        status: answer?.statusCode ?? 0,
        type: answer?.headers["content-type"] ?? "",
        text,
        bytes,
        cut,
        left: bytes >= leaveAfter,
      });
    };
    const request = httpRequest(`${proxy.url}${paths[wire]}`, {
      method: "POST",
      headers: { authorization: `Bearer ${proxy.token}`, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    });
    request.on("error", () => finish(true));
    request.on("response", (response) => {
      answer = response;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (keep) chunks.push(chunk);
        if (bytes >= leaveAfter) request.destroy();
      });
      response.on("end", () => finish(false));
      response.on("error", () => finish(true));
    });
    request.end(body);
  });
}
