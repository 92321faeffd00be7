import { claude } from "./claude.ts";
import type { Client } from "./client.ts";
import { codex } from "./codex.ts";

/** Everything that a client needs is in its record: commands, help, configuration and checks are read from this list. */
export const clients: readonly Client[] = [claude, codex];

export function clientNamed(id: string): Client | undefined {
  return clients.find((client) => client.id === id);
}
