import type { TokenLogprob } from "../../model/event.ts";
import { append } from "../../model/lists.ts";
import type { Seal } from "../../model/opaque.ts";
import type { Ids } from "../../model/stage.ts";
import { createFreeformReader } from "../freeform.ts";
import { type JsonObject, objectOf, parseJson } from "../json.ts";
import type { ToolSpelling } from "./accept-tools.ts";
import { clientTools } from "./client-tools.ts";
import { writeSeal } from "./seal.ts";

/** Puts out one event of the wire: its type and its fields. */
export type Send = (type: string, fields: object) => void;

/** How a part's item ends: "incomplete" where the reply was cut there, "failed" where it failed. */
export type Close = (ending: "completed" | "incomplete" | "failed") => void;

/** An item that is being written. */
export interface Open {
  /** The item as it stands, once it is announced. */
  soFar(): JsonObject | undefined;
  delta(text: string, logprobs?: readonly TokenLogprob[]): void;
  /** What is left to do once it is known how the reply goes on; nothing where that cannot matter. */
  end(seal?: Seal): Close | undefined;
}

export interface ItemSink {
  readonly send: Send;
  /** Announces an item and gives its index. */
  add(item: JsonObject): number;
  /** An item that is whole: clients act on it. */
  done(index: number, item: JsonObject): void;
  /** An item that stays unfinished: it is only in the response object. */
  leave(item: JsonObject): void;
}

export interface ItemOpeners {
  openMessage(kind: "output_text" | "refusal", phase?: string): Open;
  openReasoning(): Open;
  openCall(callId: string, flat: string): Open;
}

/** Each kind of item that a reply can have. An item is announced with the first thing in it, a call with its name. */
export function createItemOpeners(
  { send, add, done, leave }: ItemSink,
  spelling: ReadonlyMap<string, ToolSpelling>,
  ids: Ids,
): ItemOpeners {
  const openMessage = (kind: "output_text" | "refusal", phase?: string): Open => {
    const pieces: string[] = [];
    const tokens: TokenLogprob[] = [];
    const id = ids.next("msg_");
    const own = phase === undefined ? {} : { phase };
    let index = -1;
    const part = (text: string) =>
      kind === "refusal" ? { type: kind, refusal: text } : { type: kind, text, annotations: [], logprobs: tokens };
    const item = (status: string, content: unknown[]) => ({ id, type: "message", status, role: "assistant", ...own, content });
    const at = () => ({ item_id: id, output_index: index, content_index: 0 });
    return {
      soFar: () => (index < 0 ? undefined : item("in_progress", [part(pieces.join(""))])),
      delta(text, logprobs = []) {
        if (text === "") return;
        if (index < 0) {
          index = add(item("in_progress", []));
          send("response.content_part.added", { ...at(), part: part("") });
        }
        pieces.push(text);
        append(tokens, logprobs);
        send(`response.${kind}.delta`, { ...at(), delta: text, ...(kind === "refusal" ? {} : { logprobs }) });
      },
      end() {
        if (index < 0) return undefined;
        const text = pieces.join("");
        send(`response.${kind}.done`, { ...at(), ...(kind === "refusal" ? { refusal: text } : { text, logprobs: tokens }) });
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
      soFar: () => (index < 0 ? undefined : { id, type: "reasoning", summary: [{ type: "summary_text", text: pieces.join("") }] }),
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
    const spelled: ToolSpelling = spelling.get(flat) ?? { kind: "function", name: flat };
    const { kind, name, namespace } = spelled;
    const own = { call_id: callId, name, ...(namespace === undefined ? {} : { namespace }) };
    if (kind === "custom") return openCustomCall(own);
    if (kind === "tool-search")
      return openWhole("tsc_", (given) => ({ type: "tool_search_call", execution: "client", call_id: callId, arguments: given ?? {} }));
    const defined = kind === "client" ? clientTools.get(name) : undefined;
    if (defined !== undefined)
      return openWhole(defined.prefix, (given) => ({ type: `${name}_call`, call_id: callId, ...defined.call(objectOf(given)) }));
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
      soFar: () => item("in_progress", pieces.join("")),
      delta,
      end() {
        const given = pieces.join("");
        return closeCall(parseJson(given) !== undefined, (ending) => {
          if (ending !== "completed") return leave(item("incomplete", given));
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
      soFar: () => item("in_progress", pieces.join("")),
      delta: (json) => put(reader.push(json)),
      end() {
        const { text, whole } = reader.end();
        put(text);
        const input = pieces.join("");
        return closeCall(whole, (ending) => {
          if (ending !== "completed") return leave(item("incomplete", input));
          send("response.custom_tool_call_input.done", { item_id: id, output_index: index, input });
          return done(index, item("completed", input));
        });
      },
    };
  };

  // What was given is an object in it, which can only be told whole.
  const openWhole = (prefix: string, call: (given: unknown) => JsonObject): Open => {
    const pieces: string[] = [];
    const id = ids.next(prefix);
    return {
      soFar: () => undefined,
      delta: (json) => void pieces.push(json),
      end() {
        const given = parseJson(pieces.join(""));
        const item = (status: string) => ({ id, ...call(given), status });
        return closeCall(given !== undefined, (ending) => {
          if (ending === "completed") done(add(item("in_progress")), item(ending));
        });
      },
    };
  };

  /** A whole call ends at once, so that the client runs it while the reply goes on. */
  const closeCall = (whole: boolean, close: Close) => {
    if (!whole) return close;
    close("completed");
    return undefined;
  };

  return { openMessage, openReasoning, openCall };
}
