import { tokens } from "../../clients/window.ts";
import { tiers } from "../../model/tiers.ts";
import { nameOf, type Profile, type Target, targetName } from "../../route/target.ts";
import { beginsOn } from "./servers.ts";
import type { Windows } from "./windows.ts";

/** `claude on ollama/qwen3:8b (64k context, http://gpu-box.lan:11434), haiku llama3.2:3b  [profile local-ollama]` */
export function beforeLine(client: string, profile: Profile, windows: Windows): string {
  const main = beginsOn(profile.main, windows);
  const window = windows.of(main).context;
  const { via } = main.provider;
  const by = via === undefined ? "" : ` by ${via.command[0]}`;
  const details = [window === undefined ? "context not known" : `${tokens(window)} context`, addressOf(main) + by].join(", ");
  const others = [...tiers.map((tier) => [tier, profile.tiers[tier]] as const), ["subagent", profile.subagent] as const].flatMap(
    ([role, targets]) => {
      const target = targets && beginsOn(targets, windows);
      return target === undefined || targetName(target) === targetName(main) ? [] : [`${role} ${shortName(target, main)}`];
    },
  );
  // Without a profile the launch has the name of what named its model.
  const chosenBy = ["--model", "FCC_MODEL"].includes(profile.name) ? profile.name : `profile ${profile.name}`;
  return `${client} on ${[`${targetName(main)} (${details})`, ...others].join(", ")}  [${chosenBy}]`;
}

/** What a server said too late for the client to be told, where that leaves the client little room. `started` is the window that it was told. */
export function lateWindowLine(target: Target, started: number | undefined, needed: number, windows: Windows): string | undefined {
  const { context, source } = windows.of(target);
  if (context === undefined || context === started || context >= needed) return undefined;
  return `${targetName(target)} has a window of ${tokens(context)} tokens (${source}), which its server said only after the start: the next launch begins with it.`;
}

/** The origin that requests go to. */
export function addressOf({ provider }: Target): string {
  if (provider.row.servesFiles) return "a server of this launch";
  const { chat, messages, responses } = provider.speaks;
  const address = (messages ?? chat ?? responses)?.baseUrl;
  if (address === undefined) return provider.id;
  const { origin, port } = new URL(address);
  // The stand-in's port is opened by the launch.
  return port === "0" ? "inside fcc" : origin;
}

function shortName(target: Target, main: Target): string {
  return target.provider.id === main.provider.id ? nameOf(target) : targetName(target);
}
