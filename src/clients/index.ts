import { aider } from "./aider.ts";
import { claude } from "./claude.ts";
import type { Client } from "./client.ts";
import { codex } from "./codex.ts";
import { opencode } from "./opencode.ts";
import { qwen } from "./qwen.ts";

/** Everything that a client needs is in its record: commands, help, configuration and checks are read from this list. */
export const clients: readonly Client[] = [claude, codex, opencode, qwen, aider];

export function clientNamed(id: string): Client | undefined {
  return clients.find((client) => client.id === id);
}
