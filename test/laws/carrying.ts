import { mend } from "../../src/mend/mend.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { Request } from "../../src/model/request.ts";
import type { Accepted, ClientWire, Opened, ProviderWire } from "../../src/model/wire.ts";
import { chatClient } from "../../src/wire/chat/client.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { messagesProvider } from "../../src/wire/messages/provider.ts";
import { responsesClient } from "../../src/wire/responses/client.ts";
import { responsesProvider } from "../../src/wire/responses/provider.ts";
import { countingIds } from "./translation.ts";

export const wires = {
  messages: { client: messagesClient, provider: messagesProvider },
  chat: { client: chatClient, provider: chatProvider },
  responses: { client: responsesClient, provider: responsesProvider },
} as const;
export type Name = keyof typeof wires;
export const names = ["messages", "chat", "responses"] as const satisfies readonly Name[];
export const pairs = names.flatMap((client) => names.map((provider) => [client, provider] as const));

/** What the chat wire needs to be told to carry what the others carry by themselves. */
export const quirks: Quirks = {
  images: true,
  toolImages: true,
  documents: "file",
  efforts: ["low", "medium", "high"],
  textTools: "off",
  thinkTags: "off",
};

export const accept = (wire: ClientWire, body: unknown): Accepted => {
  const result = wire.accept(JSON.parse(JSON.stringify(body)), { ids: countingIds(), now: 1_700_000_000 });
  if ("failure" in result) throw new Error(result.failure.message);
  return result;
};
export const open = (wire: ProviderWire, request: Request, with_: Quirks = quirks): Opened =>
  wire.open(request, { ids: countingIds(), model: "m", maker: "lab/m", quirks: with_ });

/** The way of a client's body: what a server of the other wire understands, and what leads its reply back. */
export function carriedBody(body: unknown, from: Name, to: Name, with_: Quirks = quirks) {
  const client = accept(wires[from].client, body);
  const mended = mend(client.request, { quirks: with_, ids: countingIds(), wire: to, inputEstimate: () => 1 });
  const opened = open(wires[to].provider, mended.request, with_);
  return { client, mended, opened, server: accept(wires[to].client, opened.body) };
}

/** The same for what is asked in the language: a client of the wire writes it first. */
export function carried(asked: Request, from: Name, to: Name, with_: Quirks = quirks) {
  return carriedBody(open(wires[from].provider, asked, with_).body, from, to, with_);
}
