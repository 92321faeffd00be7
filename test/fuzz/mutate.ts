import type { Random } from "./random.ts";

/** What has a meaning to some reader: ends, markup of tools and thoughts, halves of escapes. */
export const words: readonly string[] = [
  ...["\n", "\r\n", "\r", "\n\n", "data: ", "data:", "event: error\n", "event: ", ": ping\n\n", "id: 1\n", "retry: 1\n", "[DONE]"],
  ...[
    '{"error":{"message":"no"}}',
    '{"error":"no"}',
    "{",
    "}",
    "[",
    "]",
    '"',
    ",",
    ":",
    "\\",
    "\\u",
    "\\ud83d",
    "null",
    "true",
    "-",
    "1e999",
  ],
  ...["<think>", "</think>", "<thinking>", "</thinking>", "<tool_call>", "</tool_call>", "<function=Read>", "</function>"],
  ...[
    "<parameter=file_path>",
    "</parameter>",
    "<|tool_call|>",
    "<|channel|>analysis<|message|>",
    "<|start|>assistant",
    "<|call|>",
    "<|end|>",
  ],
  ...["[TOOL_CALLS]", "[ARGS]", "<|python_tag|>", "functools[", "```tool_code\n", "```json\n", "```", '<invoke name="Read">', "</invoke>"],
  ...[
    '{"name":"Read","arguments":{"file_path":"a"}}',
    "Read(file_path='a')",
    "<function_calls>",
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁call▁end｜>",
  ],
  ...["\u0000", "\ufeff", "\u2028", "漢", "🙂", "\u001b[31m", "%00", "../", "__proto__", "constructor", "a".repeat(300), " ".repeat(300)],
];

/** Values that stand where others were expected. */
const strangers: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 1e308, 0.5, 2 ** 53, "", "x", " ", "\ud800", "0", "-1", "1e999", "stop", "tool_calls"],
  ...[[], {}, [[]], [null], [{}], { a: 1 }, { type: "text", text: "x" }, { type: "tool_use" }, { index: -1 }, { error: { message: "no" } }],
  ...["__proto__", "toString", { toString: 1 }, { length: 5 }, { type: "__proto__" }, Array.from({ length: 40 }, () => "a")],
];

const keys: readonly string[] = [
  ...["type", "index", "delta", "content", "text", "id", "name", "role", "error", "usage", "choices", "message", "arguments", "tool_calls"],
  ...["finish_reason", "stop_reason", "input", "output", "function", "reasoning", "signature", "__proto__", "constructor", "toString", ""],
];

/** A copy with one of its values changed, dropped, doubled or moved. */
export function mutateJson(value: unknown, random: Random): unknown {
  const places: { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number }[] = [];
  const copy = structuredClone({ root: value }) as { root: unknown };
  const walk = (holder: Record<string, unknown> | unknown[], depth: number): void => {
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      places.push({ holder, key });
      const inner = (holder as Record<string | number, unknown>)[key];
      if (typeof inner === "object" && inner !== null && depth < 12) walk(inner as Record<string, unknown>, depth + 1);
    }
  };
  walk(copy, 0);
  const { holder, key } = random.pick(places);
  const set = (to: unknown) => Object.defineProperty(holder, key, { value: to, writable: true, enumerable: true, configurable: true });
  const was = (holder as Record<string | number, unknown>)[key];
  switch (random.below(9)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 1:
      set(deep(random.pick([3, 30, 300]), random));
      break;
    case 2:
      if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(was));
      else Object.defineProperty(holder, random.pick(keys), { value: was, writable: true, enumerable: true, configurable: true });
      break;
    case 3:
      set(typeof was === "string" ? mutateText(was, random) : JSON.stringify(was));
      break;
    case 4: {
      const other = random.pick(places);
      set(structuredClone((other.holder as Record<string | number, unknown>)[other.key]));
      break;
    }
    case 5:
      set(typeof was === "string" ? random.pick(words) + was : [was]);
      break;
    default:
      set(structuredClone(random.pick(strangers)));
  }
  return copy.root ?? null;
}

function deep(depth: number, random: Random): unknown {
  let value: unknown = "x";
  const list = random.chance(2);
  for (let level = 0; level < depth; level += 1) value = list ? [value] : { a: value };
  return value;
}

export function mutateText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.below(Math.min(text.length - at, 40) + 1);
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at + length) + text.slice(at);
    case 3:
      return text.slice(0, at) + String.fromCharCode(random.below(random.chance(3) ? 65_536 : 128)) + text.slice(at + 1);
    default:
      return text.slice(0, at) + random.pick(words) + text.slice(at);
  }
}

export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  if (random.chance(2)) {
    const changed = bytes.slice();
    if (at < changed.length) changed[at] = random.below(256);
    return changed;
  }
  return Buffer.from(mutateText(Buffer.from(bytes).toString("latin1"), random), "latin1");
}

/** The parts between cuts, which may lie inside characters. */
export function cut(bytes: Uint8Array, random: Random): Uint8Array[] {
  if (random.chance(4)) return [bytes];
  const places = Array.from({ length: random.below(8) }, () => random.below(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length)).filter((part) => part.length > 0);
}
