/**
 * Reads a Responses event stream as the strictest client would (Open Responses' schemas, openai-node's accumulator, Codex) and answers
 * what it says, or what is wrong with it. Written from the documentation of the wire, independently of fcc's own reader and writer.
 */

import type { Reading } from "./messages-grammar.ts";

// biome-ignore lint/suspicious/noExplicitAny: a checker looks into anything.
type Json = any;

export interface ToldResponse {
  readonly problems: string[];
  /** The items that were done, in the order of their indices. */
  readonly items: Json[];
  readonly ended?: "completed" | "incomplete" | "failed";
  readonly response?: Json;
}

const responseKeys = [
  ...["id", "object", "created_at", "completed_at", "status", "incomplete_details", "model", "previous_response_id", "instructions"],
  ...["output", "error", "tools", "tool_choice", "truncation", "parallel_tool_calls", "text", "top_p", "presence_penalty"],
  ...["frequency_penalty", "top_logprobs", "temperature", "reasoning", "usage", "max_output_tokens", "max_tool_calls", "store"],
  ...["background", "service_tier", "metadata", "safety_identifier", "prompt_cache_key"],
];
const itemKeys: Readonly<Record<string, readonly string[]>> = {
  message: ["id", "type", "status", "role", "content"],
  function_call: ["id", "type", "status", "call_id", "name", "arguments"],
  custom_tool_call: ["id", "type", "status", "call_id", "name", "input"],
  reasoning: ["id", "type", "summary"],
};
const isCount = (value: unknown) => typeof value === "number" && Number.isInteger(value) && value >= 0;
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown) => typeof value === "string" && value !== "";

/** An item of a kind that is not known may have anything as its id. */
const told = (value: unknown) => JSON.stringify(value);

const isOurs = (item: Json): boolean => Object.hasOwn(itemKeys, String(item?.type));

/** What is wrong with a response object, whether it came at once or ends a stream. */
export function problemsOfResponse(response: Json, reading: Reading = {}): string[] {
  const problems: string[] = [];
  const demand = (condition: boolean, what: string) => {
    if (!condition) problems.push(`response: ${what}`);
  };
  if (!isObject(response)) return ["response: no object"];
  for (const key of responseKeys) demand(response[key] !== undefined, `no ${key}`);
  demand(response.object === "response", `object ${response.object}`);
  demand(isText(response.id) && isText(response.model), "no id or model");
  demand(isCount(response.created_at), `created_at ${response.created_at}`);
  demand(Array.isArray(response.output) && Array.isArray(response.tools), "output or tools is no list");
  demand(
    (response.status === "completed") === isCount(response.completed_at),
    `${response.status} with completed_at ${response.completed_at}`,
  );
  demand((response.status === "incomplete") === isObject(response.incomplete_details), `${response.status} with its details`);
  if (response.status === "incomplete")
    demand(/^(max_output_tokens|content_filter)$/.test(response.incomplete_details?.reason), "incomplete for no known reason");
  demand((response.status === "failed") === isObject(response.error), `${response.status} with error ${JSON.stringify(response.error)}`);
  if (isObject(response.error)) demand(isText(response.error.code) && isText(response.error.message), "an error without code and message");
  demand(isText(response.text?.format?.type), "text without a format");
  if (response.usage !== null) {
    const { input_tokens: input, output_tokens: output, total_tokens: total } = response.usage ?? {};
    demand(isCount(input) && isCount(output) && total === input + output, `usage ${JSON.stringify(response.usage)}`);
    demand(isCount(response.usage?.input_tokens_details?.cached_tokens), "usage without cached_tokens");
    demand(isCount(response.usage?.input_tokens_details?.cache_write_tokens), "usage without cache_write_tokens");
    demand(isCount(response.usage?.output_tokens_details?.reasoning_tokens), "usage without reasoning_tokens");
  }
  for (const item of response.output ?? []) problems.push(...problemsOfItem(item, reading));
  if (response.status === "completed")
    for (const item of (response.output ?? []).filter(isOurs))
      demand(item.type === "reasoning" || item.status === "completed", `${item.type} ${item.status} in a completed response`);
  const ids = (response.output ?? []).map((item: Json) => item.id);
  demand(new Set(ids).size === ids.length, "two items with one id");
  return problems;
}

function problemsOfItem(item: Json, { foreign = false }: Reading): string[] {
  const problems: string[] = [];
  const demand = (condition: boolean, what: string) => {
    if (!condition) problems.push(`${item?.type}: ${what}`);
  };
  demand(isOurs(item) || foreign, "a kind that is unknown");
  for (const key of isOurs(item) ? (itemKeys[item.type] ?? []) : ["id", "type"])
    demand(item[key] !== undefined && item[key] !== null, `no ${key}`);
  if (isOurs(item) && item.status !== undefined) demand(/^(in_progress|completed|incomplete)$/.test(item.status), `status ${item.status}`);
  if (item.type === "message") {
    demand(item.role === "assistant" && Array.isArray(item.content), "no assistant's content");
    for (const part of item.content ?? [])
      if (part.type === "output_text")
        demand(typeof part.text === "string" && Array.isArray(part.annotations) && Array.isArray(part.logprobs), "a text without its keys");
      else demand(part.type === "refusal" && typeof part.refusal === "string", `a part ${part.type}`);
  }
  if (item.type === "function_call" && item.status === "completed") {
    demand(typeof item.arguments === "string" && item.arguments !== "", "arguments that are no text");
    demand(isText(item.call_id) && isText(item.name), "no call_id or name");
  }
  if (item.type === "reasoning") {
    // Null there fails Open Responses' schema.
    demand(!("encrypted_content" in item) || isText(item.encrypted_content), "encrypted_content that is no text");
    for (const part of item.summary ?? []) demand(part.type === "summary_text" && typeof part.text === "string", "a broken summary");
  }
  return problems;
}

/** An item between its beginning and its end: what the deltas of each of its parts say. */
interface Open {
  readonly item: Json;
  readonly parts: { readonly type: string; text: string; readonly annotations: Json[]; state: "open" | "text-done" | "closed" }[];
  whole: string;
  done: boolean;
}

interface Position {
  readonly data: Json;
  readonly problem: (what: string) => void;
}

/** The events of parts: which key says the part's place, and what a part begins as. */
const partEvents: Readonly<Record<string, { readonly index: "content_index" | "summary_index"; readonly key: "text" | "refusal" }>> = {
  "response.output_text": { index: "content_index", key: "text" },
  "response.refusal": { index: "content_index", key: "refusal" },
  "response.reasoning_summary_text": { index: "summary_index", key: "text" },
};
const wholeEvents: Readonly<Record<string, { readonly type: string; readonly key: "arguments" | "input" }>> = {
  "response.function_call_arguments": { type: "function_call", key: "arguments" },
  "response.custom_tool_call_input": { type: "custom_tool_call", key: "input" },
};

export function readResponsesStream(text: string, reading: Reading = {}): ToldResponse {
  const problems: string[] = [];
  const items: Json[] = [];
  const open = new Map<number, Open>();
  const ids = new Set<string>();
  let added = 0;
  let sequence = 0;
  let id: unknown;
  let ended: ToldResponse["ended"];
  let response: Json;
  for (const frame of text.split("\n\n")) {
    if (frame === "") continue;
    const match = /^event: ([^\n]+)\ndata: ([^\n]+)$/.exec(frame);
    if (!match) {
      problems.push(`a frame that is not event and data: ${JSON.stringify(frame.slice(0, 80))}`);
      continue;
    }
    const data = JSON.parse(match[2] ?? "") as Json;
    const problem = (what: string) => void problems.push(`${data.type} (${data.sequence_number}): ${what}`);
    if (data.type !== match[1]) problem(`named ${match[1]}`);
    if (data.sequence_number !== sequence) problem(`expected sequence number ${sequence}`);
    sequence += 1;
    if (ended !== undefined) problem("after the end");
    if (sequence === 1 && data.type !== "response.created") problem("is first");
    if (sequence === 2 && data.type !== "response.in_progress" && data.type !== "response.failed") problem("is second");
    switch (data.type) {
      case "response.created":
        if (sequence !== 1) problem("again");
        id = data.response.id;
        if (data.response.status !== "in_progress") problem(`status ${data.response.status}`);
        problems.push(...problemsOfResponse(data.response, reading));
        break;
      case "response.in_progress":
        if (data.response.status !== "in_progress") problem(`status ${data.response.status}`);
        break;
      case "response.output_item.added": {
        const { item } = data;
        if (data.output_index !== added) problem(`expected index ${added}`);
        if (open.size > 0) problem("while another item is open");
        if (ids.has(item.id)) problem(`the id ${item.id} again`);
        const ours = isOurs(item);
        if (ours && item.type !== "reasoning" && item.status !== "in_progress") problem(`status ${item.status}`);
        for (const empty of !ours ? [] : [item.content, item.summary, item.arguments, item.input])
          if (empty !== undefined && empty.length > 0) problem("does not begin empty");
        problems.push(...problemsOfItem(item, reading));
        ids.add(item.id);
        open.set(added, { item, parts: [], whole: "", done: false });
        added += 1;
        break;
      }
      case "response.output_item.done": {
        const own = open.get(data.output_index);
        if (own === undefined) {
          problem("for no open item");
          break;
        }
        for (const key of ["id", "type", "call_id", "name", "namespace"])
          if (told(own.item[key]) !== told(data.item[key])) problem(`${key} was ${told(own.item[key])} and is ${told(data.item[key])}`);
        if (own.parts.some(({ state }) => state !== "closed")) problem("while a part is open");
        const said = [...(data.item.content ?? []), ...(data.item.summary ?? [])].map((part: Json) => part.text ?? part.refusal);
        if (isOurs(data.item) && JSON.stringify(said) !== JSON.stringify(own.parts.map((part) => part.text)))
          problem("says something else than its deltas");
        const whole = isOurs(data.item) ? (data.item.arguments ?? data.item.input) : undefined;
        if (typeof whole === "string" && whole !== own.whole) problem("has another input than its deltas");
        if (typeof whole === "string" && !own.done) problem("before its input was done");
        problems.push(...problemsOfItem(data.item, reading));
        items.push(data.item);
        open.delete(data.output_index);
        break;
      }
      case "response.completed":
      case "response.incomplete":
      case "response.failed": {
        ended = data.type.slice("response.".length) as NonNullable<typeof ended>;
        response = data.response;
        if (response.status !== ended) problem(`status ${response.status}`);
        if (response.id !== id) problem(`id ${response.id} after ${id}`);
        problems.push(...problemsOfResponse(response, reading));
        const finished = response.output.filter(
          (item: Json) => item.status !== "incomplete" || items.some((known) => known.id === item.id),
        );
        if (JSON.stringify(finished) !== JSON.stringify(items)) problem("its output is not the items that were done");
        if (ended === "completed" && open.size > 0) problem("while an item is open");
        break;
      }
      default:
        readPart(open, { data, problem });
    }
  }
  if (ended === undefined) problems.push("the stream has no end");
  return { problems, items, ...(ended === undefined ? {} : { ended, response }) };
}

/** The events inside an item. */
function readPart(open: ReadonlyMap<number, Open>, { data, problem }: Position): void {
  const own = open.get(data.output_index);
  if (own === undefined) {
    problem("for no open item");
    return;
  }
  if (data.item_id !== own.item.id) problem(`item_id ${data.item_id}`);
  const type: string = data.type;
  if (type === "response.content_part.added" || type === "response.reasoning_summary_part.added") {
    const index = type === "response.content_part.added" ? data.content_index : data.summary_index;
    if (index !== own.parts.length) problem(`expected part ${own.parts.length}`);
    if (own.parts.some(({ state }) => state !== "closed")) problem("while a part is open");
    if ((data.part.text ?? data.part.refusal) !== "") problem("does not begin empty");
    own.parts.push({ type: data.part.type, text: "", annotations: [], state: "open" });
    return;
  }
  if (type === "response.content_part.done" || type === "response.reasoning_summary_part.done") {
    const part = own.parts[data.content_index ?? data.summary_index];
    if (part?.state !== "text-done") problem("before its text was done");
    if (part !== undefined) part.state = "closed";
    if ((data.part.text ?? data.part.refusal) !== part?.text) problem("says something else than its deltas");
    if (told(data.part.annotations ?? []) !== told(part?.annotations)) problem("has other annotations than were told");
    return;
  }
  if (type === "response.output_text.annotation.added") {
    const part = own.parts[data.content_index];
    if (part?.type !== "output_text" || part.state !== "open") problem("for no open text");
    if (data.annotation_index !== part?.annotations.length) problem(`expected annotation ${part?.annotations.length}`);
    if (!isObject(data.annotation)) problem("no annotation");
    part?.annotations.push(data.annotation);
    return;
  }
  const kind = type.replace(/\.(delta|done)$/, "");
  const asPart = partEvents[kind];
  const asWhole = wholeEvents[kind];
  const ending = type.endsWith(".done");
  if (asPart !== undefined) {
    const part = own.parts[data[asPart.index]];
    if (part?.state !== "open") {
      problem("for no open part");
      return;
    }
    if (kind === "response.output_text" && !Array.isArray(data.logprobs)) problem("no logprobs");
    if (ending) {
      if (data[asPart.key] !== part.text) problem("says something else than its deltas");
      part.state = "text-done";
    } else if (!isText(data.delta)) problem("an empty delta");
    else part.text += data.delta;
    return;
  }
  if (asWhole === undefined) {
    problem("is unknown");
    return;
  }
  if (own.item.type !== asWhole.type) problem(`in a ${own.item.type}`);
  if (own.done) problem("after its end");
  if (ending) {
    own.done = true;
    if (data[asWhole.key] !== own.whole) problem("says something else than its deltas");
    if (kind === "response.function_call_arguments" && data.name !== own.item.name) problem(`name ${data.name}`);
  } else if (!isText(data.delta)) problem("an empty delta");
  else own.whole += data.delta;
}
