import type { Failure } from "../../../src/model/failure.ts";
import type { Accepted } from "../../../src/model/wire.ts";
import { chatClient } from "../../../src/wire/chat/client.ts";
import { countingIds } from "./reading.ts";

const now = 1_700_000_000;

export function accepted(body: unknown): Accepted {
  const result = chatClient.accept(body, { ids: countingIds(), now });
  if ("failure" in result) throw new Error(result.failure.message);
  return result;
}

export function refused(body: unknown): Failure {
  const result = chatClient.accept(body, { ids: countingIds(), now });
  if ("failure" in result) return result.failure;
  throw new Error("the body was accepted");
}

export function body(fields: object = {}): object {
  return { model: "opus:lab", messages: [{ role: "user", content: "Hello" }], ...fields };
}
