import type { ReplyEvent, Stop, Usage } from "../../model/event.ts";
import type { Seal } from "../../model/opaque.ts";
import type { Ids } from "../../model/stage.ts";
import type { ToolSpelling } from "./accept-tools.ts";
import { createFreeformReader } from "./freeform.ts";
import { isObject, type JsonObject, parseJson, textOf } from "./json.ts";
import { type Echo, writeUsage } from "./response-object.ts";
import { writeSeal } from "./seal.ts";
import { errorInReply } from "./tell.ts";

/** Puts out one event of the wire: its type and its fields. */
type Send = (type: string, fields: object) => void;

/** How an item ended. "broken" is a call whose arguments the model did not finish. */
type Ending = "completed" | "incomplete";

interface Open {
  delta(text: string): void;
  /** What is left to do once it is known how the reply goes on; at once where that cannot matter. */
  end(seal?: Seal): ((ending: Ending | "failed") => void) | undefined;
}

export interface ItemWriter {
  put(event: ReplyEvent): void;
  over(): boolean;
  /** The response object as it stands at the end. */
  response(): JsonObject;
}

/**
 * Events of the language to items of the wire. An item begins with the first thing in it, so that empty parts take no output index. It ends
 * (`output_item.done`, on which Codex acts) with its part, but for two: a message waits for the next event, since its status tells whether
 * the reply was cut there, and so does a call with broken arguments, which must not be run where the reply was cut.
 */
export function createItemWriter(echo: Echo, spelling: ReadonlyMap<string, ToolSpelling>, ids: Ids, send: Send): ItemWriter {
  const output: unknown[] = [];
  let next = 0;
  let open: Open | undefined;
  let held: ((ending: Ending | "failed") => void) | undefined;
  let final: JsonObject | undefined;
  let phase: string | undefined;

  const add = (item: JsonObject): number => {
    send("response.output_item.added", { output_index: next, item });
    return next++;
  };
  const done = (index: number, item: JsonObject) => {
    output.push(item);
    send("response.output_item.done", { output_index: index, item });
  };

  const openMessage = (kind: "output_text" | "refusal"): Open => {
    const pieces: string[] = [];
    const id = ids.next("msg_");
    const own = phase === undefined ? {} : { phase };
    phase = undefined;
    let index = -1;
    const part = (text: string) =>
      kind === "refusal" ? { type: kind, refusal: text } : { type: kind, text, annotations: [], logprobs: [] };
    const item = (status: string, content: unknown[]) => ({ id, type: "message", status, role: "assistant", ...own, content });
    const at = () => ({ item_id: id, output_index: index, content_index: 0 });
    const logprobs = kind === "refusal" ? {} : { logprobs: [] };
    return {
      delta(text) {
        if (text === "") return;
        if (index < 0) {
          index = add(item("in_progress", []));
          send("response.content_part.added", { ...at(), part: part("") });
        }
        pieces.push(text);
        send(`response.${kind}.delta`, { item_id: id, output_index: index, content_index: 0, delta: text, ...logprobs });
      },
      end() {
        if (index < 0) return undefined;
        const text = pieces.join("");
        send(`response.${kind}.done`, { ...at(), ...(kind === "refusal" ? { refusal: text } : { text }), ...logprobs });
        send("response.content_part.done", { ...at(), part: part(text) });
        return (ending) => done(index, item(ending === "incomplete" ? ending : "completed", [part(text)]));
      },
    };
  };

  // As a summary: the form that Codex, the SDKs and Open Responses all show.
  const openReasoning = (): Open => {
    const pieces: string[] = [];
    const id = ids.next("rs_");
    let index = -1;
    const at = () => ({ item_id: id, output_index: index, summary_index: 0 });
    return {
      delta(text) {
        if (text === "") return;
        if (index < 0) {
          index = add({ id, type: "reasoning", summary: [] });
          send("response.reasoning_summary_part.added", { ...at(), part: { type: "summary_text", text: "" } });
        }
        pieces.push(text);
        send("response.reasoning_summary_text.delta", { ...at(), delta: text });
      },
      end(seal) {
        if (index < 0 && seal === undefined) return undefined;
        const text = pieces.join("");
        const part = { type: "summary_text", text };
        if (index >= 0) {
          send("response.reasoning_summary_text.done", { ...at(), text });
          send("response.reasoning_summary_part.done", { ...at(), part });
        } else index = add({ id, type: "reasoning", summary: [] });
        const sealed = seal === undefined ? {} : { encrypted_content: writeSeal(seal) };
        done(index, { id, type: "reasoning", summary: pieces.length === 0 ? [] : [part], ...sealed });
        return undefined;
      },
    };
  };

  const openCall = (callId: string, flat: string): Open => {
    const { kind, name, namespace } = spelling.get(flat) ?? ({ kind: "function", name: flat } as ToolSpelling);
    const own = { call_id: callId, name, ...(namespace === undefined ? {} : { namespace }) };
    if (kind === "custom") return openCustomCall(own);
    if (kind === "tool-search") return openToolSearch(callId);
    const pieces: string[] = [];
    const id = ids.next("fc_");
    const item = (status: string, json: string) => ({ id, type: "function_call", status, ...own, arguments: json });
    const index = add(item("in_progress", ""));
    const delta = (json: string) => {
      if (json === "") return;
      pieces.push(json);
      send("response.function_call_arguments.delta", { item_id: id, output_index: index, delta: json });
    };
    return {
      delta,
      end() {
        const given = pieces.join("");
        return closeCall(parseJson(given) !== undefined, (ending) => {
          if (ending !== "completed") return output.push(item("incomplete", given));
          // Codex reads "" as broken JSON; it is what models write for a tool without parameters.
          if (given.trim() === "") delta("{}");
          const json = given.trim() === "" ? "{}" : given;
          send("response.function_call_arguments.done", { item_id: id, output_index: index, name, arguments: json });
          return done(index, item("completed", json));
        });
      },
    };
  };

  const openCustomCall = (own: JsonObject): Open => {
    const reader = createFreeformReader();
    const pieces: string[] = [];
    const id = ids.next("ctc_");
    const item = (status: string, input: string) => ({ id, type: "custom_tool_call", status, ...own, input });
    const index = add(item("in_progress", ""));
    const put = (text: string) => {
      if (text === "") return;
      pieces.push(text);
      send("response.custom_tool_call_input.delta", { item_id: id, output_index: index, delta: text });
    };
    return {
      delta: (json) => put(reader.push(json)),
      end() {
        const { text, whole } = reader.end();
        put(text);
        const input = pieces.join("");
        return closeCall(whole, (ending) => {
          if (ending !== "completed") return output.push(item("incomplete", input));
          send("response.custom_tool_call_input.done", { item_id: id, output_index: index, input });
          return done(index, item("completed", input));
        });
      },
    };
  };

  // Its arguments are an object, which can only be given whole.
  const openToolSearch = (callId: string): Open => {
    const pieces: string[] = [];
    const id = ids.next("tsc_");
    return {
      delta: (json) => void pieces.push(json),
      end() {
        const given = parseJson(pieces.join(""));
        const item = (status: string) => ({
          id,
          type: "tool_search_call",
          execution: "client",
          call_id: callId,
          status,
          arguments: given ?? {},
        });
        return closeCall(given !== undefined, (ending) => {
          if (ending === "completed") done(add(item("in_progress")), item(ending));
        });
      },
    };
  };

  /** A whole call ends at once, so that the client runs it while the reply goes on. */
  const closeCall = (whole: boolean, close: (ending: Ending | "failed") => void) => {
    if (!whole) return close;
    close("completed");
    return undefined;
  };

  const putOpaque = (part: { readonly wire: string; readonly value: unknown; readonly text?: string }) => {
    if (part.wire === "responses" && isObject(part.value) && typeof part.value.type === "string") {
      if (part.value.type === "phase") phase = textOf(part.value.phase);
      else {
        const item = { ...part.value, id: textOf(part.value.id) ?? ids.next("item_") };
        done(add(item), item);
      }
    } else if (part.text !== undefined && part.wire !== "responses") {
      const message = openMessage("output_text");
      message.delta(part.text);
      held = message.end();
    }
  };

  const fail = (error: { readonly code: string; readonly message: string }, usage?: Usage) => {
    final = echo.object({ status: "failed", output: [...output], error, usage: usage === undefined ? null : writeUsage(usage) });
    send("response.failed", { response: final });
  };

  const finish = (stop: Stop, usage: Usage) => {
    if (stop.reason === "refusal" && stop.explanation !== undefined && stop.explanation !== "") {
      const refusal = openMessage("refusal");
      refusal.delta(stop.explanation);
      refusal.end()?.("completed");
    }
    const incomplete = incompleteReason(stop);
    // Codex takes an empty reply for the end of its task; a failure is tried again.
    if (output.length === 0 && incomplete === undefined) return fail({ code: "server_error", message: emptyReply }, usage);
    const status = incomplete === undefined ? "completed" : "incomplete";
    const fields = { status, output: [...output], usage: writeUsage(usage) } as const;
    final = echo.object(incomplete === undefined ? fields : { ...fields, incomplete });
    return send(`response.${status}`, { response: final });
  };

  const start = (part: Open) => {
    open = part;
  };
  return {
    put(event) {
      if (final !== undefined) return;
      if (held !== undefined) {
        const close = held;
        held = undefined;
        close(event.type === "failure" ? "failed" : event.type === "reply-end" && isCut(event.stop) ? "incomplete" : "completed");
      }
      switch (event.type) {
        case "text-delta":
        case "thinking-delta":
          open?.delta(event.text);
          return;
        case "tool-delta":
          open?.delta(event.json);
          return;
        case "text-start":
          start(openMessage("output_text"));
          return;
        case "thinking-start":
          start(openReasoning());
          return;
        case "tool-start":
          start(openCall(event.id, event.name));
          return;
        case "text-end":
        case "tool-end":
        case "thinking-end":
          held = open?.end(event.type === "thinking-end" ? event.seal : undefined);
          open = undefined;
          return;
        case "opaque":
          putOpaque(event.part);
          return;
        case "reply-end":
          finish(event.stop, event.usage);
          return;
        case "failure":
          fail(errorInReply(event.failure));
          return;
        case "reply-start":
          return;
      }
    },
    over: () => final !== undefined,
    response: () => final ?? echo.object({ status: "in_progress", output: [...output] }),
  };
}

const emptyReply = "The model's reply was empty.";

const isCut = (stop: Stop) => stop.reason === "max-output" || stop.reason === "window-full";

function incompleteReason(stop: Stop): string | undefined {
  if (isCut(stop)) return "max_output_tokens";
  return stop.reason === "refusal" ? "content_filter" : undefined;
}
