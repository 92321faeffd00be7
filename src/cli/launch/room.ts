import type { Client } from "../../clients/client.ts";
import { tokens } from "../../clients/window.ts";
import { largerWindow, type Target, targetName } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";
import type { Windows } from "./windows.ts";

/** What an answer and a conversation take beside the client's own prompt, in tokens. */
const reply = 4_096;
const conversation = 16_000;
/** The same where there is no more to be had: a few turns before the client has to compact. */
const fewTurns = 8_192;
/** Below this even a single question has no room. */
const leastRoom = 4_096;

/** The window that a client works well with; `run` starts clients that nobody knows. Zero: nothing is started on a model. */
export function neededWindow(client: Client | undefined, args: readonly string[]): number {
  const prompt = client?.fixedPrompt(args) ?? 0;
  return client !== undefined && prompt === 0 ? 0 : prompt + reply + conversation;
}

interface Room {
  readonly args: readonly string[];
  readonly notice?: string;
  /** What a launch ends with. */
  readonly refusal?: Refusal;
}

/**
 * The user's arguments as they fit the main target's window. One that cannot hold the client's own prompt would end every session at its
 * first turn: the client is started with fewer tools where that is enough, else not at all.
 *
 * @param client undefined for a program that nobody knows
 * @param extra what configuration adds before the user's own arguments
 */
export function makeRoom(
  client: Client | undefined,
  { args, extra }: { readonly args: readonly string[]; readonly extra: readonly string[] },
  target: Target,
  windows: Windows,
): Room {
  if (client === undefined) return { args };
  const { context, certain, source } = windows.of(target);
  const prompt = client.fixedPrompt([...extra, ...args]);
  if (prompt === 0 || context === undefined || !certain || source === "configuration") return { args };
  const choices = client.withFewerTools?.([...extra, ...args]) ?? [];
  if (context >= prompt + (choices.length > 0 ? fewTurns : leastRoom)) return { args };
  for (const [index, { option, tools }] of choices.entries()) {
    const room = index === choices.length - 1 ? leastRoom : fewTurns;
    if (context < client.fixedPrompt([option, ...extra, ...args]) + room) continue;
    const notice = `${targetName(target)} has a window of ${tokens(context)} tokens (${source}), too small for all of ${client.name}'s tools: it has ${tools} only. With ${tokens(prompt + fewTurns)} it has them all, with ${tokens(prompt + reply + conversation)} it works well.`;
    return { args: [option, ...args], notice };
  }
  // What it was at the last launch may be over; a server that says so again stops the next one.
  const fewest = choices.at(-1);
  if (windows.late(target) !== undefined) return { args: fewest === undefined ? args : [fewest.option, ...args] };
  const least = choices.reduce((sum, { option }) => Math.min(sum, client.fixedPrompt([option, ...extra, ...args])), prompt) + leastRoom;
  return { args, refusal: tooSmall(client, target, { context, source, least, well: prompt + reply + conversation }) };
}

function tooSmall(
  client: Client,
  target: Target,
  { context, source, least, well }: { readonly context: number; readonly source: string; readonly least: number; readonly well: number },
): Refusal {
  const command = largerWindow(target);
  return {
    exitCode: 1,
    lines: [
      `${targetName(target)} has a window of ${context} tokens (${source}); ${client.name} needs ${least} to begin with, and ${well} to work well.`,
      command === undefined ? "Choose a model with a larger window." : `Start the server with a larger one: ${command}`,
      `If the server says it wrongly, set \`context:\` in the target.`,
    ],
  };
}
