import type { Row } from "./row.ts";

/** Messages serves all of its models, those of other makers too. */
export const vercel: Row = {
  id: "vercel",
  name: "Vercel AI Gateway",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://ai-gateway.vercel.sh/v1" },
    messages: { baseUrl: "https://ai-gateway.vercel.sh" },
    responses: { baseUrl: "https://ai-gateway.vercel.sh/v1" },
  },
  key: { env: ["AI_GATEWAY_API_KEY"] },
  quirks: {},
  docs: "https://vercel.com/docs/ai-gateway",
  unchecked: true,
};
