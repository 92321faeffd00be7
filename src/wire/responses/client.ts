import type { ClientWire } from "../../model/wire.ts";
import { acceptOrRefuse } from "../refuse.ts";
import { accept } from "./accept.ts";
import { writeFailure } from "./write-failure.ts";

/** The Responses API as a client speaks it: Codex, the OpenAI SDKs, anything built to Open Responses. */
export const responsesClient: ClientWire = { accept: (body, context) => acceptOrRefuse(() => accept(body, context)), writeFailure };
