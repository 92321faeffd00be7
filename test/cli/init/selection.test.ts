import { expect, it } from "vitest";
import { aboutAdoptable } from "../../../src/cli/init/selection.ts";
import { readFreeClaudeCode } from "../../../src/config/adopt/free-claude-code.ts";
import { rows } from "../../../src/providers/index.ts";

it.each([
  ["MODEL=openrouter/x\n", "openrouter/x"],
  ["MODEL=openrouter/x\nOPENROUTER_API_KEY=theirs\n", "openrouter/x with its key for openrouter"],
  [
    "MODEL=openrouter/x\nOPENROUTER_BASE_URL=https://elsewhere.example/v1\nOPENROUTER_API_KEY=theirs\n",
    "openrouter/x at https://elsewhere.example/v1 with its key for openrouter",
  ],
])("a .env, which may be a clone's, is offered with where it leads: %j", (text, about) => {
  const adopted = readFreeClaudeCode(text, rows);
  expect(adopted && aboutAdoptable(adopted)).toBe(about);
});
