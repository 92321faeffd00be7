import type { Client, Prepared, Start } from "../../clients/client.ts";
import { prepareRun } from "../../clients/run.ts";
import type { Profile } from "../../route/target.ts";
import { readText } from "../read-text.ts";

/** What a client is prepared with, wherever its proxy and its folder will be. */
interface Preparing extends Pick<Start, "models" | "args" | "extra"> {
  readonly profile: Profile;
  /** Variables that fcc read keys from: they are hidden from the agent and its commands, unless the client's record sets them itself. */
  readonly hidden: readonly string[];
}

/** How to prepare a client: its arguments, environment and files. Undefined: a program without a record. */
export function preparing(
  record: Client | undefined,
  { profile, hidden, ...start }: Preparing,
): (place: Pick<Start, "proxy" | "folder">) => Prepared {
  const withoutKeys = Object.fromEntries(hidden.map((variable) => [variable, undefined]));
  const bounded = profile.boundary !== undefined;
  return (place) => {
    const prepared = (record?.prepare ?? prepareRun)({ ...place, ...start, env: process.env, read: readText, bounded });
    return { ...prepared, env: { ...withoutKeys, ...prepared.env } };
  };
}
