import { claude } from "./claude.ts";
import type { Client } from "./client.ts";
import { codex } from "./codex.ts";

export const clients: readonly Client[] = [claude, codex];
