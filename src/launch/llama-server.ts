import { totalmem } from "node:os";
import type { ModelFile } from "./gguf.ts";

/** What coding agents work well with, in tokens; more costs memory that few machines have to spare. */
const wanted = 65_536;
/** The part of the machine's memory that a window may take. */
const share = 0.5;

/**
 * The window to ask for, 0 for all that the model was trained for: enough for a long session, as far as memory reaches, never less than
 * the client needs to begin.
 */
export function windowFor({ trainedContext, bytesPerToken }: ModelFile, needed: number, memory = totalmem()): number {
  const fits = bytesPerToken === undefined ? wanted : Math.floor((memory * share) / bytesPerToken / 1024) * 1024;
  const size = Math.max(Math.min(wanted, fits), needed);
  return trainedContext === undefined || size < trainedContext ? size : 0;
}

interface Serving {
  readonly file: string;
  /** The name that it answers to. */
  readonly model: string;
  readonly port: number | "<port>";
  readonly window: number;
}

/**
 * One slot, since a second one would halve the window; the model's own chat template, without which there are no tools. The key is not
 * here: whoever lists processes would read it.
 */
export function llamaCommand({ file, model, port, window }: Serving): readonly string[] {
  const place = ["--host", "127.0.0.1", "--port", String(port)];
  return ["llama-server", "--model", file, "--alias", model, ...place, "--jinja", "--ctx-size", String(window), "--parallel", "1"];
}

/** llama-server reads its key from here. */
export const keyVariable = "LLAMA_API_KEY";
