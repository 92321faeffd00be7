import { Readable } from "node:stream";
import type { Agent, Dispatcher } from "undici";
import type { Failure } from "../model/failure.ts";
import type { Timeouts } from "../route/target.ts";
import { BrokenBody } from "./broken-body.ts";
import { Aborted, IdleTimeout } from "./errors.ts";
import { flat } from "./flat.ts";
import { createPatience } from "./patience.ts";
import type { Reached } from "./reach.ts";

export interface Exchange {
  readonly agent: Agent;
  readonly request: Dispatcher.DispatchOptions;
  readonly timeout: Timeouts;
  readonly signal?: AbortSignal | undefined;
  readonly toFailure: (error: unknown, answering: boolean) => Failure;
  /** Called when the request is written. */
  readonly onStart: () => void;
}

/**
 * Sends one request with undici's dispatch, below its streams, for control of three things: an abort takes effect at once, back-pressure reaches
 * the provider, and the body's time-out counts only while bytes are wanted, since a client that reads slowly is not a silent provider.
 */
export function exchange({ agent, request, timeout, signal, toFailure, onStart }: Exchange): Promise<Reached> {
  if (signal?.aborted === true) return Promise.resolve({ failure: toFailure(new Aborted(), false) });
  return new Promise((resolve) => {
    let control: Dispatcher.DispatchController | undefined;
    let body: Readable | undefined;
    let over = false;
    let push: (chunk: Buffer) => void = () => {};

    const finish = () => {
      over = true;
      patience.end();
    };
    const fail = (error: unknown) => {
      if (over) return;
      finish();
      const failure = toFailure(error, body !== undefined);
      control?.abort(error instanceof Error ? error : new Aborted());
      if (body === undefined) resolve({ failure });
      else body.destroy(new BrokenBody(failure));
    };
    const patience = createPatience(signal, fail);
    const watch = (limit: number) => patience.wait(limit, () => new IdleTimeout(limit));

    agent.dispatch(request, {
      onRequestStart(controller) {
        control = controller;
        onStart();
        // Aborted while the connection was still being made.
        if (over) controller.abort(new Aborted());
        else watch(timeout.firstByte);
      },
      onResponseStart(controller, status, headers) {
        if (over || status < 200) return;
        let first = true;
        let reading = true;
        const source = new Readable({
          read() {
            if (reading || over) return;
            reading = true;
            watch(timeout.idle);
            controller.resume();
          },
          destroy(error, callback) {
            // The reader wants no more, or fcc has broken the body off.
            if (!over) {
              finish();
              controller.abort(new Aborted());
            }
            callback(error);
          },
        });
        push = (chunk) => {
          if (over) return;
          if (first) {
            first = false;
            // From now on the shorter time-out holds.
            watch(timeout.idle);
          } else if (reading) patience.again();
          if (source.push(chunk)) return;
          reading = false;
          patience.rest();
          controller.pause();
        };
        body = source;
        // Some servers send their headers before they have processed the prompt.
        watch(Math.max(timeout.firstByte, timeout.idle));
        resolve({ status, headers: flat(headers), body: source });
      },
      onResponseData(_controller, chunk) {
        push(chunk);
      },
      onResponseEnd() {
        if (over) return;
        finish();
        body?.push(null);
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    });
  });
}
