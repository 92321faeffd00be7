import type { Request } from "../../src/model/request.ts";

/** A request in the language that asks for nothing but a streamed reply. */
export const plainRequest: Request = {
  model: "m",
  turns: [{ role: "user", parts: [{ type: "text", text: "hi" }] }],
  tools: [],
  toolChoice: { type: "auto" },
  parallelTools: true,
  reasoning: {},
  sampling: {},
  stop: [],
  stream: true,
};
