import type { WireName } from "../../model/opaque.ts";
import { withoutOwnSeals as withoutOwnDetails } from "../../wire/chat/strip-seals.ts";
import { type Span, splice } from "../../wire/json-bytes.ts";
import { withoutOwnSeals as withoutOwnThinking } from "../../wire/messages/strip-seals.ts";
import { withoutOwnSeals as withoutOwnReasoning } from "../../wire/responses/strip-seals.ts";

const stripped: Readonly<Record<WireName, (bytes: Buffer, maker: string) => Buffer>> = {
  messages: withoutOwnThinking,
  chat: withoutOwnDetails,
  responses: withoutOwnReasoning,
};

/** A body, and where the model's name is in it. */
export interface Named {
  readonly bytes: Buffer;
  readonly model: Span | undefined;
}

/**
 * The body for a provider of the client's own wire: the client's bytes with the model's name changed, and without the seals that fcc wrote in
 * earlier, translated turns, which only fcc can open.
 *
 * @param maker the target's name in seals
 */
export function nativeBody({ bytes, model: span }: Named, wire: WireName, model: string, maker: string): Buffer {
  return stripped[wire](span === undefined ? bytes : splice(bytes, [{ ...span, by: JSON.stringify(model) }]), maker);
}
