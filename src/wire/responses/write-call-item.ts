import { createFreeformReader } from "../freeform.ts";
import { type JsonObject, objectOf, parseJson } from "../json.ts";
import type { ToolSpelling } from "./accept-tools.ts";
import { clientTools } from "./client-tools.ts";
import type { Close, ItemSink, OpenItem } from "./write-item.ts";

/** A call, in the form of the tool that the client offered. */
export function openCall(sink: ItemSink, callId: string, { kind, name, namespace }: ToolSpelling): OpenItem {
  const own = { call_id: callId, name, ...(namespace === undefined ? {} : { namespace }) };
  if (kind === "custom") return openCustomCall(sink, own);
  if (kind === "tool-search")
    return openWholeCall(sink, "tsc_", (given) => ({
      type: "tool_search_call",
      execution: "client",
      call_id: callId,
      arguments: given ?? {},
    }));
  const defined = kind === "client" ? clientTools.get(name) : undefined;
  if (defined === undefined) return openFunctionCall(sink, own);
  return openWholeCall(sink, defined.prefix, (given) => ({ type: `${name}_call`, call_id: callId, ...defined.call(objectOf(given)) }));
}

function openFunctionCall(sink: ItemSink, own: JsonObject): OpenItem {
  const call = beginCall(sink, "fc_", "function_call", "arguments", own);
  return {
    soFar: call.soFar,
    delta: call.put,
    end() {
      const given = call.written();
      return closing(parseJson(given) !== undefined, (ending) => {
        if (ending !== "completed") return call.leave();
        const isBlank = given.trim() === "";
        // Codex reads "" as broken JSON; it is what models write for a tool without parameters.
        if (isBlank) call.put("{}");
        call.done(isBlank ? "{}" : given, { name: own.name });
      });
    },
  };
}

function openCustomCall(sink: ItemSink, own: JsonObject): OpenItem {
  const call = beginCall(sink, "ctc_", "custom_tool_call", "input", own);
  const reader = createFreeformReader();
  return {
    soFar: call.soFar,
    delta: (json) => call.put(reader.push(json)),
    end() {
      const { text, whole } = reader.end();
      call.put(text);
      return closing(whole, (ending) => (ending === "completed" ? call.done(call.written()) : call.leave()));
    },
  };
}

/** A call of which the `field` comes in pieces. */
function beginCall({ ids, send, add, done, leave }: ItemSink, prefix: string, type: string, field: string, own: JsonObject) {
  const pieces: string[] = [];
  const id = ids.next(prefix);
  const delta = `response.${type}_${field}.delta`;
  const written = () => pieces.join("");
  const item = (status: string, given: string) => ({ id, type, status, ...own, [field]: given });
  const index = add(item("in_progress", ""));
  return {
    written,
    soFar: () => item("in_progress", written()),
    put(text: string): void {
      if (text === "") return;
      pieces.push(text);
      send(delta, { item_id: id, output_index: index, delta: text });
    },
    done(given: string, more: JsonObject = {}): void {
      send(`response.${type}_${field}.done`, { item_id: id, output_index: index, ...more, [field]: given });
      done(index, item("completed", given));
    },
    leave: () => leave(item("incomplete", written())),
  };
}

/** A call with an object of its own in it, which can only be told whole. */
function openWholeCall({ ids, add, done }: ItemSink, prefix: string, call: (given: unknown) => JsonObject): OpenItem {
  const pieces: string[] = [];
  const id = ids.next(prefix);
  return {
    soFar: () => undefined,
    delta: (json) => void pieces.push(json),
    end() {
      const given = parseJson(pieces.join(""));
      const item = (status: string) => ({ id, ...call(given), status });
      return closing(given !== undefined, (ending) => {
        if (ending === "completed") done(add(item("in_progress")), item(ending));
      });
    },
  };
}

/** A whole call ends at once, so that the client runs it while the reply goes on. */
function closing(whole: boolean, close: Close): Close | undefined {
  if (!whole) return close;
  close("completed");
  return undefined;
}
