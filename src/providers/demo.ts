import type { Row } from "./row.ts";

/** The stand-in inside fcc. Its address and its key are made at launch. */
export const demo: Row = {
  id: "demo",
  name: "fcc's stand-in model",
  kind: "demo",
  speaks: { chat: { baseUrl: "http://127.0.0.1:0/v1" } },
  quirks: { systemAnywhere: true, reasoningRequest: "none" },
  // It listens during a launch only.
  discover: "none",
  limits: { demo: { context: 200_000 } },
};
