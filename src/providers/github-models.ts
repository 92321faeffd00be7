import type { Row } from "./row.ts";

export const githubModels: Row = {
  id: "github-models",
  name: "GitHub Models",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://models.github.ai/inference" } },
  key: { env: ["GITHUB_TOKEN"] },
  quirks: {},
  discover: "none",
  retired: "GitHub Models was shut down on 2026-07-30: its address answers 410 Gone",
  docs: "https://docs.github.com/github-models",
  unchecked: true,
};
