import type { Socket } from "node:net";
import { kParser } from "./undici.ts";

interface Parser {
  paused: boolean;
  readonly ptr: number | null;
  readonly llhttp: { llhttp_resume(ptr: number): void };
  resume(): void;
}

/**
 * A parser that waits for a slow reader when its connection ends is a failed assertion in undici 7, thrown where nobody can catch it: the
 * server would end fcc by closing (nodejs/undici#5360, mended in undici 8 only, which needs Node 22). So it goes on before undici is told
 * of the end: what is still to come is at most what the socket holds. After a reset it reads no further, and the answer is cut off. To be
 * called before undici has the socket, whose own listeners then come later.
 */
export function resumeAtEnd(socket: Socket): void {
  const parser = () => (socket as Socket & { readonly [kParser]?: Parser | null })[kParser];
  const stop = () => {
    const held = parser();
    if (held) held.paused = false;
  };
  const goOn = () => {
    const held = parser();
    held?.resume();
    // A body that only the end of its connection ends has paused it again.
    if (held?.paused !== true || held.ptr === null) return;
    held.llhttp.llhttp_resume(held.ptr);
    held.paused = false;
  };
  socket.on("end", goOn).on("error", stop).on("close", stop);
}
