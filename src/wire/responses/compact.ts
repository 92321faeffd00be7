import type { Failure } from "../../model/failure.ts";
import type { AcceptContext } from "../../model/wire.ts";
import { isObject, type JsonObject, listOf, objectOf, textOf, textsOf } from "../json.ts";
import { refuse } from "../refuse.ts";
import { summaryInstruction } from "../summary-instruction.ts";
import { inputItems } from "./input-items.ts";
import { writeSummary } from "./seal.ts";

/**
 * `POST /responses/compact`: a conversation in, a shorter one out that goes on from the same place. The model is asked for a summary in
 * an ordinary request, which `body` is for `accept`; `answer` makes the endpoint's own object of the reply (the response object).
 */
export function openCompaction(
  body: unknown,
  context: AcceptContext,
): { readonly body: JsonObject; answer(response: unknown): unknown } | { readonly failure: Failure } {
  if (!isObject(body) || textOf(body.model) === undefined) return refuse("Missing required parameter: 'model'.", "model");
  const items = inputItems(body.input);
  if (items === undefined) return refuse("Missing required parameter: 'input'.", "input");
  return {
    // Its tools stay, so that the prompt begins as it did before; none may be called.
    body: {
      ...body,
      input: [...items, { type: "message", role: "user", content: summaryInstruction }],
      tool_choice: "none",
      stream: false,
      store: false,
    },
    answer(response) {
      const given = objectOf(response);
      const said = listOf(given.output).flatMap((item) => (isObject(item) && item.type === "message" ? listOf(item.content) : []));
      const kept = items
        .filter((item) => item.role === "user" && (item.type === undefined || item.type === "message"))
        .map((item) => ({ ...item, ...messageForm(item), id: textOf(item.id) ?? context.ids.next("msg_") }));
      return {
        id: context.ids.next("resp_"),
        object: "response.compaction",
        created_at: context.now,
        output: [...kept, { type: "compaction", id: context.ids.next("cmp_"), encrypted_content: writeSummary(textsOf(said)) }],
        usage: given.usage ?? null,
      };
    },
  };
}

/** What a client may leave out of a message that it sends, and a reader of Open Responses' schema of items wants in one that it gets. */
function messageForm({ content }: JsonObject): JsonObject {
  const parts = typeof content === "string" ? [{ type: "input_text", text: content }] : listOf(content);
  const whole = parts.map((part) => (isObject(part) && part.type === "input_image" ? { detail: "auto", ...part } : part));
  return { type: "message", status: "completed", content: whole };
}
