import type { ProxyOptions } from "../proxy/server.ts";
import { chatClient } from "../wire/chat/client.ts";
import { chatProvider } from "../wire/chat/provider.ts";
import { messagesClient } from "../wire/messages/client.ts";
import { messagesProvider } from "../wire/messages/provider.ts";
import { responsesClient } from "../wire/responses/client.ts";
import { responsesProvider } from "../wire/responses/provider.ts";

/** The wires that a proxy speaks, on both sides. */
export const wires: ProxyOptions["wires"] = {
  clients: { messages: messagesClient, chat: chatClient, responses: responsesClient },
  providers: { messages: messagesProvider, chat: chatProvider, responses: responsesProvider },
};
