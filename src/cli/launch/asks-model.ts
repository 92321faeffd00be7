import { clientNamed } from "../../clients/index.ts";
import { scanOptions } from "../../clients/options.ts";
import type { LaunchLine } from "../split.ts";

/** Whether what is launched asks a model, as far as is known: `run` starts programs that nobody knows. */
export function asksModel({ command, args }: Pick<LaunchLine, "command" | "args">): boolean {
  const client = clientNamed(command);
  return client === undefined || scanOptions(args, client.options).asksModel;
}
