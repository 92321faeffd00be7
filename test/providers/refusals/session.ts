import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { mend } from "../../../src/mend/mend.ts";
import { quirksFor } from "../../../src/mend/quirks-for.ts";
import type { ReplyEvent } from "../../../src/model/event.ts";
import { pipe, runStage } from "../../../src/model/pipe.ts";
import type { Quirks } from "../../../src/model/quirks.ts";
import { chatProvider } from "../../../src/wire/chat/provider.ts";
import { messagesClient } from "../../../src/wire/messages/client.ts";
import { type Call, createModel } from "./model.ts";
import type { ChatBody, Json } from "./rules.ts";
import type { StrictServer } from "./servers.ts";

const recorded = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../recordings/requests/claude-basic.json"), "utf8")) as {
  readonly requests: readonly [{ readonly body: Json & { readonly messages: readonly unknown[]; readonly tools: readonly Json[] } }];
};
const opening = recorded.requests[0].body;

/** Tools as MCP servers write them: what providers refuse most. */
const mcpTools: readonly Json[] = [
  {
    name: "mcp__plugin_a_long_name_of_a_server__and_an_even_longer_name_of_its_only_tool",
    description: "Finds things",
    input_schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      $defs: { point: { type: "object", properties: { x: { type: "number", exclusiveMinimum: 0 } }, additionalProperties: false } },
      properties: {
        where: { $ref: "#/$defs/point" },
        anything: true,
        kind: { const: "fixed" },
        level: { enum: [1, 2, 3] },
        either: { type: "string", anyOf: [{ type: "string", format: "uri" }, { type: "null" }] },
        names: { type: "array" },
        pair: { type: "array", items: [{ type: "string" }, { type: "number" }] },
        maybe: { type: ["string", "null"] },
        $schema: { type: "string", description: "a property that is called like a keyword" },
        map: { type: "object", propertyNames: { pattern: "^a" }, additionalProperties: { type: "string" } },
      },
      required: ["where"],
    },
  },
  {
    name: "mcp__union",
    description: "",
    input_schema: {
      oneOf: [
        { type: "object", properties: { a: { type: "string" } } },
        { type: "object", properties: { b: { type: "string" } } },
      ],
    },
  },
  { name: "mcp__bare", input_schema: { type: "object" } },
];

export interface Refused {
  readonly turn: string;
  readonly refusal: string;
}

/** A session of Claude Code with a server: what it refused, and the bodies that it was sent. */
export function drive(
  server: StrictServer,
  own: Quirks,
  provider = "lab",
): { readonly refused: readonly Refused[]; readonly bodies: readonly ChatBody[] } {
  const refused: Refused[] = [];
  const bodies: ChatBody[] = [];
  const model = createModel(server);
  let count = 0;
  const ids = { next: (prefix: string) => `${prefix}${String(++count).padStart(8, "0")}` };

  /** One request of the client; answers with the assistant's content as the client gets it. */
  const ask = (turn: string, body: Json, calls: readonly Call[] = [], text = "Good."): readonly Json[] => {
    const accepted = messagesClient.accept(body, { ids, now: 1_700_000_000 });
    if ("failure" in accepted) throw new Error(accepted.failure.message);
    const quirks = quirksFor(accepted.request.reasoning, own);
    const mended = mend(accepted.request, { quirks, ids, wire: "chat", inputEstimate: () => 50 });
    const opened = chatProvider.open(mended.request, { ids, model: server.model, maker: `${provider}/${server.model}`, quirks });
    const sent = JSON.parse(JSON.stringify(opened.body)) as ChatBody;
    bodies.push(sent);
    const refusal = model.refusal(sent);
    if (refusal !== undefined) refused.push({ turn, refusal });
    const events: ReplyEvent[] = runStage(pipe(opened.read.stream(), mended.events()), model.say(calls, text));
    const last = events.at(-1);
    if (last?.type !== "reply-end") throw new Error(`the reply did not end: ${JSON.stringify(last)}`);
    return (accepted.write.reply(events) as { content: readonly Json[] }).content;
  };

  const base = {
    ...opening,
    tools: [...opening.tools, ...mcpTools],
    temperature: 1,
    stop_sequences: ["</a>", "</b>", "</c>", "</d>", "</e>", "</f>"],
  };
  const messages: unknown[] = [...opening.messages];
  const request = (over: Json = {}) => ({ ...base, messages: [...messages], ...over });
  const answer = (content: readonly Json[], result: (index: number) => unknown, extra: readonly unknown[] = []) => {
    const uses = content.filter(({ type }) => type === "tool_use");
    const results = uses.map(({ id }, index) => ({ type: "tool_result", tool_use_id: id, content: result(index), is_error: index === 1 }));
    messages.push({ role: "assistant", content }, { role: "user", content: [...results, ...extra] });
  };
  const note = (text: string) => messages.push({ role: "system", content: text });

  answer(ask("the first turn", request(), [["Bash", { command: "echo hi", description: "x" }]], "Running it."), () => "hi");
  answer(
    ask(
      "after a result",
      request(),
      [
        ["Bash", { command: "ls" }],
        ["Read", { file_path: "/a" }],
      ],
      "",
    ),
    (index) =>
      index === 0
        ? [
            { type: "text", text: "one" },
            { type: "text", text: "two" },
          ]
        : "",
  );
  note("The date has changed.");
  answer(
    ask("after parallel results and a system turn", request(), [["Read", { file_path: "/image.png" }]]),
    () => [image, { type: "text", text: "an image" }],
    [{ type: "text", text: "Look at it." }],
  );
  const said = ask("after an image in a result", request({ thinking: { type: "disabled" } }));
  messages.push({ role: "assistant", content: said }, { role: "user", content: "And now?" });
  note("Plan mode is on.");
  ask("the fifth turn, which ends with a system turn", request(), [["Bash", { command: "true" }]]);
  ask("a call that is forced", request({ tool_choice: { type: "tool", name: "Bash" } }));
  ask("any call", request({ tool_choice: { type: "any", disable_parallel_tool_use: true } }));
  ask("a summary without tools", request({ tools: undefined }));
  ask("a title beside it", {
    model: opening["model"],
    max_tokens: 512,
    stream: true,
    messages: [{ role: "user", content: "a title" }],
    output_config: {
      format: {
        type: "json_schema",
        schema: { type: "object", properties: { title: { type: "string" } }, required: ["title"], additionalProperties: false },
      },
    },
  });
  return { refused, bodies };
}

const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } };
