import { expect, it } from "vitest";
import { aider } from "../../src/clients/aider.ts";
import type { Start } from "../../src/clients/client.ts";
import { startOf } from "./start.ts";

const prepare = (change: Partial<Start> = {}) => aider.prepare(startOf({ args: ["a.py"], ...change }));
const metadata = (change: Partial<Start> = {}) => JSON.parse(prepare(change).files[0]?.content ?? "null");

it("names its models on the command line, where no .env of a project reaches", () => {
  const { args, env } = prepare();
  expect(args.slice(0, 8)).toEqual([
    ...["--model", "openai/main:qwen3:8b", "--weak-model", "openai/haiku:small"],
    ...["--openai-api-base", "http://127.0.0.1:5555/v1", "--model-metadata-file", "/private/models.json"],
  ]);
  expect(args).toEqual(expect.arrayContaining(["--no-analytics", "--no-check-update"]));
  expect(env).toMatchObject({ AIDER_OPENAI_API_KEY: "secret-token", LITELLM_LOCAL_MODEL_COST_MAP: "True" });
});

it("tells each model's window, and knows no price", () => {
  expect(metadata()["openai/main:qwen3:8b"]).toMatchObject({
    max_input_tokens: 65_536,
    max_output_tokens: 16_384,
    input_cost_per_token: 0,
  });
  expect(Object.keys(metadata())).toEqual(["openai/main:qwen3:8b", "openai/haiku:small"]);
});

it("takes in the models of a file that the user names", () => {
  const args = ["--model-metadata-file", "mine.json", "a.py"];
  const read = (path: string) => (path === "mine.json" ? '{"mine":{"mode":"chat"}}' : undefined);
  expect(metadata({ args, read })).toMatchObject({ mine: { mode: "chat" }, "openai/haiku:small": {} });
  expect(prepare({ args, read }).args.slice(-1)).toEqual(["a.py"]);
  expect(prepare({ args, read }).args).not.toContain("mine.json");
  // What does not read stays, so that Aider says itself what is wrong with it.
  expect(prepare({ args }).args.slice(-3)).toEqual(args);
});

it.each([["--models", "gpt"], ["--just-check-update"], ["--upgrade"], ["--shell-completions", "bash"]])(
  "starts no session for %s",
  (...args) => {
    expect(prepare({ args })).toMatchObject({ args, files: [] });
  },
);
