import fc from "fast-check";

/** Text with everything that has broken a proxy: quotes, newlines, astral characters, look-alikes of markup. */
export const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.constantFrom("\n", '"', "\\", "漢字", "🙂", "e\u0301", "\u2028", "data: ", "<b>", "{", "}", "[DONE]", " "),
      fc.lorem({ maxCount: 3 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""))
  .filter((value) => value.trim() !== "");

export const toolNames = ["Read", "Bash", "mcp__files__list_everything"] as const;
export const toolInput = fc.oneof(
  fc.record({ file_path: text }),
  fc.record({ command: text, timeout: fc.nat() }),
  fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 })),
    { minKeys: 1, maxKeys: 4 },
  ),
);

/** What a well-behaved model says in one reply: reasoning, then text, then calls. */
export interface Saying {
  readonly thinking: readonly string[];
  readonly text: readonly string[];
  readonly calls: readonly { readonly name: string; readonly json: string }[];
}
export const saying: fc.Arbitrary<Saying> = fc.record({
  thinking: fc.array(text, { maxLength: 3 }),
  text: fc.array(text, { maxLength: 4 }),
  calls: fc.array(fc.record({ name: fc.constantFrom(...toolNames), json: toolInput.map((input) => JSON.stringify(input)) }), {
    maxLength: 3,
  }),
});

/** The same, or what a model says in another order, one after the other. */
export type Said =
  | { readonly kind: "text" | "thinking"; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly json: string };
const inOrder = ({ thinking, text, calls }: Saying): readonly Said[] => [
  ...thinking.map((one) => ({ kind: "thinking", text: one }) as const),
  ...text.map((one) => ({ kind: "text", text: one }) as const),
  ...calls.map((call) => ({ kind: "call", ...call }) as const),
];

/** The habits of chat servers: how each writes the same reply. */
export const habit = fc.record({
  pieces: fc.integer({ min: 1, max: 12 }),
  roleChunk: fc.boolean(),
  contentNull: fc.boolean(),
  wholeCalls: fc.constantFrom("no", "text", "object"),
  repeats: fc.constantFrom("nothing", "id", "id and name"),
  index: fc.constantFrom("counted", "from one", "missing", "zero"),
  reasoningField: fc.constantFrom("reasoning_content", "reasoning", "both"),
  usage: fc.constantFrom("last", "finish", "each"),
  newline: fc.constantFrom("\n", "\r\n", "\r"),
  comments: fc.boolean(),
  finish: fc.constantFrom("right", "stop"),
  done: fc.boolean(),
});
export type Habit = typeof habit extends fc.Arbitrary<infer Value> ? Value : never;

const thought = (text: string, { reasoningField: field }: Habit) =>
  field === "both" ? { reasoning: text, reasoning_content: text } : { [field]: text };

const pieces = (value: string, count: number): string[] => {
  const characters = [...value];
  const size = Math.max(1, Math.ceil(characters.length / count));
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(""),
  );
};

/**
 * Left out of the laws: a text whose second piece begins with the first and goes on. So write servers that give all the text so far in each
 * chunk, and so it is read; these two are one piece here.
 */
export const apart = (pieces: readonly string[]): readonly string[] => {
  const [first = "", second = "", ...others] = pieces.filter((piece) => piece !== "");
  return first !== "" && second.length > first.length && second.startsWith(first) ? apart([first + second, ...others]) : pieces;
};

export const chatUsage = { prompt_tokens: 321, completion_tokens: 45, total_tokens: 366, prompt_tokens_details: { cached_tokens: 100 } };

/** The reply as a chat stream in this habit. */
export function chatStream(say: Saying | readonly Said[], how: Habit): string {
  const all = "calls" in say ? inOrder(say) : say;
  const frames: string[] = [];
  const end = how.newline + how.newline;
  const chunk = (delta: object, finish: string | null = null, extra: object = {}) => {
    const usage = how.usage === "each" ? { usage: { ...chatUsage, completion_tokens: 1 } } : {};
    frames.push(
      `data: ${JSON.stringify({ id: "chatcmpl-x", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }], ...usage, ...extra })}${end}`,
    );
  };
  if (how.comments) frames.push(`: processing${end}`);
  if (how.roleChunk) chunk({ role: "assistant", content: how.contentNull ? null : "" });
  let calls = 0;
  for (let at = 0; at < all.length; ) {
    const item = all[at] as Said;
    if (item.kind !== "call") {
      const same = all.slice(at).findIndex(({ kind }) => kind !== item.kind);
      const next = same < 0 ? all.length : at + same;
      const texts = all.slice(at, next).flatMap((one) => (one.kind === "call" ? [] : pieces(one.text, how.pieces)));
      for (const piece of apart(texts)) chunk(item.kind === "text" ? { content: piece } : thought(piece, how));
      at = next;
      continue;
    }
    at += 1;
    const where = { counted: { index: calls }, "from one": { index: calls + 1 }, missing: {}, zero: { index: 0 } }[how.index];
    const id = `call_${calls}`;
    const { name, json } = item;
    calls += 1;
    const whole = { no: "", text: json, object: JSON.parse(json) as object }[how.wholeCalls];
    chunk({
      ...(how.contentNull ? { content: null } : {}),
      tool_calls: [{ ...where, id, type: "function", function: { name, arguments: whole } }],
    });
    if (how.wholeCalls !== "no") continue;
    const again = how.repeats === "nothing" ? {} : { id };
    for (const piece of pieces(json, how.pieces))
      chunk({
        tool_calls: [{ ...where, ...again, function: { ...(how.repeats === "id and name" && { name }), arguments: piece } }],
      });
  }
  const reason = calls > 0 && how.finish === "right" ? "tool_calls" : "stop";
  chunk({}, reason, how.usage === "last" ? {} : { usage: chatUsage });
  if (how.usage === "last")
    frames.push(`data: ${JSON.stringify({ id: "chatcmpl-x", object: "chat.completion.chunk", choices: [], usage: chatUsage })}${end}`);
  if (how.done) frames.push(`data: [DONE]${end}`);
  return frames.join("");
}

/** The same reply as one chat completion. */
export function chatCompletion(say: Saying, how: Habit): object {
  const message = {
    role: "assistant",
    content: say.text.length > 0 ? say.text.join("") : null,
    ...(say.thinking.length > 0 ? thought(say.thinking.join(""), how) : {}),
    ...(say.calls.length > 0
      ? {
          tool_calls: say.calls.map((call, position) => ({
            id: `call_${position}`,
            type: "function",
            function: { name: call.name, arguments: call.json },
          })),
        }
      : {}),
  };
  const reason = say.calls.length > 0 && how.finish === "right" ? "tool_calls" : "stop";
  return {
    id: "chatcmpl-x",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message, finish_reason: reason }],
    usage: chatUsage,
  };
}

/** Cuts bytes at random places, inside characters too. */
export const cuts = fc.array(fc.nat({ max: 10_000 }), { maxLength: 12 });
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((start, index) => bytes.subarray(start, sorted[index] ?? bytes.length)).filter((part) => part.length > 0);
}

const userText = text.map((value) => ({ type: "text", text: value }));
const image = fc.constant({ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } });

/** One exchange of a session as Claude Code writes it: the user's message, then rounds of calls with their results, then an answer. */
const exchange = fc
  .record({
    prompt: fc.array(fc.oneof({ weight: 5, arbitrary: userText }, { weight: 1, arbitrary: image }), { minLength: 1, maxLength: 2 }),
    system: fc.option(text, { freq: 4 }),
    rounds: fc.array(
      fc.record({
        thinking: fc.option(text),
        text: fc.option(text),
        calls: fc.array(
          fc.record({
            name: fc.constantFrom(...toolNames),
            input: toolInput,
            result: fc.oneof(text, fc.array(userText, { minLength: 1, maxLength: 2 })),
            error: fc.boolean(),
          }),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      { maxLength: 2 },
    ),
    answer: text,
  })
  .map((parts) => parts);

/** A whole session: a Messages request body, in the shapes of the real client. The turns come as groups that may be cut between. */
export const session = fc.array(exchange, { minLength: 1, maxLength: 4 }).map((exchanges) => {
  let calls = 0;
  const groups: object[][] = [];
  for (const { prompt, system, rounds, answer } of exchanges) {
    groups.push([{ role: "user", content: prompt }, ...(system === null ? [] : [{ role: "system", content: system }])]);
    for (const round of rounds) {
      const ids = round.calls.map(() => `toolu_${calls++}`);
      groups.push([
        {
          role: "assistant",
          content: [
            ...(round.thinking === null ? [] : [{ type: "thinking", thinking: round.thinking, signature: "c2ln" }]),
            ...(round.text === null ? [] : [{ type: "text", text: round.text }]),
            ...round.calls.map((call, index) => ({ type: "tool_use", id: ids[index], name: call.name, input: call.input })),
          ],
        },
        {
          role: "user",
          content: round.calls.map((call, index) => ({
            type: "tool_result",
            tool_use_id: ids[index],
            content: call.result,
            ...(call.error ? { is_error: true } : {}),
          })),
        },
      ]);
    }
    groups.push([{ role: "assistant", content: [{ type: "text", text: answer }] }]);
  }
  return groups;
});

export const tools = toolNames.map((name) => ({
  name,
  description: `The ${name} tool`,
  input_schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: { file_path: { type: "string" } },
    required: [],
    additionalProperties: true,
  },
}));

export function requestOf(messages: readonly object[], more: object = {}): object {
  return {
    model: "opus",
    max_tokens: 4096,
    stream: true,
    system: [{ type: "text", text: "You are a coding agent." }],
    messages,
    tools,
    thinking: { type: "adaptive" },
    ...more,
  };
}

/** Pieces of bytes that a broken or hostile server might send: real chunks, halves of them, and rubbish. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.tuple(saying, habit).map(([say, how]) => chatStream(say, how)),
      fc.tuple(saying, habit, fc.nat()).map(([say, how, at]) => {
        const whole = chatStream(say, how);
        return whole.slice(0, at % whole.length);
      }),
      fc.json().map((value) => `data: ${value}\n\n`),
      fc
        .record({
          choices: fc.array(
            fc.record(
              {
                index: fc.nat({ max: 2 }),
                delta: fc.oneof(
                  fc.object({ key: fc.constantFrom("content", "tool_calls", "reasoning", "role", "refusal") }),
                  fc.constant(null),
                ),
                finish_reason: fc.oneof(fc.constantFrom("stop", "length", "tool_calls", "error", null), fc.string()),
              },
              { requiredKeys: [] },
            ),
          ),
        })
        .map((value) => `data: ${JSON.stringify(value)}\n\n`),
      fc.constantFrom(
        "data: [DONE]\n\n",
        'data: {"error":{"message":"boom","code":500}}\n\n',
        "event: error\ndata: oops\n\n",
        "<html>no</html>",
        "\u0000\n\n",
        ": ping\n\n",
      ),
      fc.string(),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(""));
