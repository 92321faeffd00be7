import { plain } from "../../../config/index.ts";
import { log, text } from "../../prompts.ts";
import { wantsKey } from "../../servers-here.ts";
import { nameServer } from "../named.ts";
import { serverAt } from "../server-at.ts";
import { answered } from "./answered.ts";
import { Back } from "./in-turn.ts";
import { keyQuestionOf } from "./key.ts";
import type { Found, Here, KnownQuestion } from "./known.ts";

const output = process.stderr;

/** Of a server, until one answers there. `name`: what it is to be called, where somebody has said it. */
export function addressQuestion(here: Here, name?: string): KnownQuestion {
  return async ({ next }, given) => {
    if (next !== "address") return undefined;
    for (let address = given.address; ; ) {
      address = await answered(
        text({
          message: "Its address",
          placeholder: "http://gpu-box.lan:8000",
          output,
          ...(address !== undefined && { initialValue: address }),
          validate: (value) => (URL.canParse(withScheme(value ?? "")) ? undefined : "http://host:port"),
        }),
      );
      const found = await foundAt(withScheme(address), here, name);
      if (typeof found !== "string") return { address, ...found };
      log.warn(plain(found), { output });
    }
  };
}

/** A sentence where there is none. */
async function foundAt(written: string, { configuration, reach }: Here, name?: string): Promise<Found | string> {
  const ask = async (key?: string) => {
    const { found, failure } = await serverAt(written, reach, key);
    if (found !== undefined) return { named: nameServer(found, configuration, name), discovery: found.discovery };
    if (wantsKey(failure)) return undefined;
    return failure?.kind === "refused-by-policy" ? failure.message : `No model server that fcc knows answers at ${written}.`;
  };
  const open = async (key: string) => {
    const place = await ask(key);
    if (typeof place !== "string") return place ?? `${written} refuses this key.`;
    // The key opened no model server: another address is what is wanted.
    log.warn(plain(place), { output });
    throw new Back();
  };
  const place = await ask();
  if (place === undefined) return { locked: { question: keyQuestionOf(plain(written)), open } };
  return typeof place === "string" ? place : { place };
}

/** `gpu-box.lan:8000` as it is said. */
function withScheme(typed: string): string {
  const address = typed.trim();
  return /^https?:\/\//i.test(address) ? address : `http://${address}`;
}
