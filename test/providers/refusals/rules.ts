/** What chat servers refuse, each rule as one provider or many document it. A rule answers with the refusal, or undefined. */
export type Rule = (body: ChatBody, seen: Seen) => string | undefined;

export type Json = Readonly<Record<string, unknown>>;

export interface ChatBody extends Json {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: Json } }[];
}

export interface Message extends Json {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly Call[];
  readonly tool_call_id?: string;
}

export interface Call extends Json {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
  readonly extra_content?: { readonly google?: { readonly thought_signature?: string } };
}

/** What the server itself wrote in this session, by its own call ids. */
export interface Seen {
  readonly ids: ReadonlySet<string>;
  readonly reasoning: ReadonlyMap<string, string>;
  readonly signatures: ReadonlyMap<string, string>;
}

const assistants = (body: ChatBody) => body.messages.filter(({ role }) => role === "assistant");
const first = <Item>(items: readonly Item[], find: (item: Item, index: number) => string | undefined): string | undefined => {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
};

const commonFields = [
  ...["model", "messages", "tools", "tool_choice", "parallel_tool_calls", "max_tokens", "max_completion_tokens", "temperature", "top_p"],
  ...["stop", "stream", "stream_options", "response_format"],
];

/** Strict servers know these fields and those that a provider adds. */
export const onlyFields =
  (...extra: string[]): Rule =>
  (body) =>
    first(Object.keys(body), (name) =>
      commonFields.includes(name) || extra.includes(name) ? undefined : `${name}: Extra inputs are not permitted`,
    );

export const withoutFields =
  (...names: string[]): Rule =>
  (body) =>
    first(names, (name) => (name in body ? `${name} is not supported` : undefined));

export const onlyMessageFields =
  (...extra: string[]): Rule =>
  (body) =>
    first(body.messages, (message, index) =>
      first(Object.keys(message), (name) =>
        ["role", "content", "tool_calls", "tool_call_id", ...extra].includes(name)
          ? undefined
          : `messages.${index}: property '${name}' is unsupported`,
      ),
    );

/** What OpenAI's own server checks of every conversation. */
export const conversation: Rule = (body) => {
  const { messages } = body;
  if (messages.length === 0) return "messages is empty";
  return first(messages, (message, index) => {
    const { role, content, tool_calls } = message;
    if (!["system", "developer", "user", "assistant", "tool"].includes(role)) return `messages.${index}: unknown role ${role}`;
    if (JSON.stringify(message).includes("cache_control")) return `messages.${index}: unknown field cache_control`;
    if (role === "tool") {
      const before = messages.slice(0, index).findLast((earlier) => earlier.role !== "tool");
      const answers = before?.tool_calls?.some(({ id }) => id === message.tool_call_id);
      return answers ? undefined : `messages.${index}: a tool message must follow the call it answers`;
    }
    if (role !== "assistant" && (content === "" || content === null || content === undefined)) return `messages.${index}: content is empty`;
    if (role === "assistant" && !tool_calls && (content === null || content === undefined))
      return `messages.${index}: content or tool_calls must be set`;
    return first(tool_calls ?? [], ({ id, function: { name, arguments: written } }, call) => {
      const following = messages.slice(index + 1);
      const end = following.findIndex((next) => next.role !== "tool");
      const results = following.slice(0, end < 0 ? undefined : end);
      if (!results.some((next) => next.tool_call_id === id)) return `messages.${index}: call ${id} has no result`;
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return `messages.${index}.tool_calls.${call}: bad name ${name}`;
      const value: unknown = JSON.parse(written);
      return typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : `arguments of ${id} are no object`;
    });
  });
};

export const tools: Rule = (body) => {
  if (body.tools === undefined)
    return "tool_choice" in body || "parallel_tool_calls" in body ? "tool_choice is only allowed with tools" : undefined;
  if (body.tools.length === 0) return "[] is too short - 'tools'";
  const names = body.tools.map((tool) => tool.function.name);
  if (new Set(names).size !== names.length) return "tools: duplicate names";
  return first(body.tools, (tool, index) => {
    const { name, parameters } = tool.function;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return `tools.${index}.function.name: string does not match pattern: ${name}`;
    if (parameters["type"] !== "object") return `tools.${index}: schema must be of type object`;
    const extra = Object.keys(tool.function).find((field) => !["name", "description", "parameters", "strict"].includes(field));
    return extra && `tools.${index}.function.${extra}: unknown field`;
  });
};

export const limitField =
  (name: "max_tokens" | "max_completion_tokens"): Rule =>
  (body) => {
    const other = name === "max_tokens" ? "max_completion_tokens" : "max_tokens";
    if (other in body) return `Unsupported parameter: '${other}'. Use '${name}' instead.`;
    return typeof body[name] === "number" && (body[name] as number) > 0 ? undefined : `${name} is missing`;
  };

export const ids =
  (pattern: RegExp): Rule =>
  (body) =>
    first(
      assistants(body).flatMap(({ tool_calls }) => tool_calls ?? []),
      ({ id }) => (pattern.test(id) ? undefined : `Tool call id was ${id} but must match ${pattern}`),
    );

/** Kimi's template parses its own ids. */
export const ownIds: Rule = (body, { ids: own }) =>
  first(
    assistants(body).flatMap(({ tool_calls }) => tool_calls ?? []),
    ({ id }) => (own.has(id) ? undefined : `tool_call_id ${id} is not found`),
  );

/** Reasoning must come back, as it was, in this field of these turns. */
export const reasoningBack =
  (field: string, turns: "all" | "calls"): Rule =>
  (body, { reasoning }) =>
    first(assistants(body), (message, index) => {
      if (turns === "calls" && !message.tool_calls) return undefined;
      const given = message[field];
      if (typeof given !== "string") return `The ${field} in the thinking mode must be passed back (assistant message ${index})`;
      const expected = reasoning.get(message.tool_calls?.[0]?.id ?? "");
      return expected !== undefined && given !== expected ? `${field} of assistant message ${index} was changed: ${given}` : undefined;
    });

export const signaturesBack: Rule = (body, { signatures }) =>
  first(assistants(body), ({ tool_calls }) => {
    const [call] = tool_calls ?? [];
    if (!call) return undefined;
    const given = call.extra_content?.google?.thought_signature;
    return given !== undefined && given === signatures.get(call.id) ? undefined : `Function call ${call.id} is missing a thought_signature`;
  });

export const efforts =
  (...taken: string[]): Rule =>
  (body) => {
    const given = [body["reasoning_effort"], (body["reasoning"] as Json | undefined)?.["effort"]].find((value) => value !== undefined);
    return given === undefined || taken.includes(String(given))
      ? undefined
      : `reasoning_effort: ${String(given)} is not one of ${taken.join(", ")}`;
  };

export const thinkingTypes =
  (...taken: string[]): Rule =>
  (body) => {
    const type = (body["thinking"] as Json | undefined)?.["type"];
    return type === undefined || taken.includes(String(type)) ? undefined : `thinking.type ${String(type)} is invalid`;
  };

export const roles =
  (...taken: string[]): Rule =>
  (body) =>
    first(body.messages, ({ role }) => (taken.includes(role) ? undefined : `unknown variant ${role}`));

/** System only in front: templates raise an error elsewhere. */
export const systemFirst: Rule = ({ messages }) => {
  const end = messages.findIndex(({ role }) => role !== "system" && role !== "developer");
  return messages.slice(end).some(({ role }) => role === "system" || role === "developer")
    ? "System message must be at the beginning"
    : undefined;
};

export const alternation: Rule = ({ messages }) =>
  first(messages, ({ role }, index) => {
    const before = messages[index - 1]?.role;
    if (role === "user" && before === "tool") return "Unexpected role 'user' after role 'tool'";
    return role === before && role !== "tool" ? `roles must alternate: ${role} after ${role}` : undefined;
  });

export const maxStops =
  (most: number): Rule =>
  (body) =>
    Array.isArray(body["stop"]) && body["stop"].length > most ? `stop: at most ${most}` : undefined;

export const choices =
  (...taken: string[]): Rule =>
  (body) => {
    const choice = body["tool_choice"];
    const said = typeof choice === "object" ? "named" : String(choice ?? "absent");
    return said === "absent" || taken.includes(said) ? undefined : `tool_choice ${said} is not supported`;
  };

/** A rule for which thinking has to be on; by default it is. */
export const whileThinking =
  (rule: Rule): Rule =>
  (body, seen) =>
    (body["thinking"] as Json | undefined)?.["type"] === "disabled" ? undefined : rule(body, seen);

export const toolsWithHistory: Rule = (body) =>
  body.tools === undefined && assistants(body).some(({ tool_calls }) => tool_calls)
    ? "Anthropic expects the `tools=` param to be passed in"
    : undefined;

const stringContent =
  (...roles: string[]): Rule =>
  (body) =>
    first(body.messages, ({ role, content }, index) =>
      roles.includes(role) && Array.isArray(content) ? `messages.${index}: content must be a string` : undefined,
    );
/** Models that see images take parts from the user, and from nobody else. */
export const assistantStrings = stringContent("assistant", "tool", "system");
export const allStrings = stringContent("assistant", "tool", "system", "user");

export const base64Images: Rule = (body) => (/"url":"https?:/.test(JSON.stringify(body.messages)) ? "invalid image input" : undefined);

/** Walks the schemas of all tools; only what stands where a schema stands is looked at. */
export const schemas =
  (check: (schema: unknown, root: boolean) => string | undefined): Rule =>
  (body) =>
    first(body.tools ?? [], ({ function: { name, parameters } }) => {
      const found = walk(parameters, check, true, 0);
      return found && `tool ${name}: ${found}`;
    });

function walk(
  schema: unknown,
  check: (schema: unknown, root: boolean) => string | undefined,
  root: boolean,
  depth: number,
): string | undefined {
  if (depth > 50) return "schema is too deep";
  const found = check(schema, root);
  if (found !== undefined || typeof schema !== "object" || schema === null) return found;
  const shape = schema as Json;
  const inner: unknown[] = [];
  for (const key of ["properties", "$defs", "definitions", "patternProperties"])
    if (typeof shape[key] === "object") inner.push(...Object.values(shape[key] as Json));
  for (const key of ["anyOf", "oneOf", "allOf", "prefixItems"]) if (Array.isArray(shape[key])) inner.push(...(shape[key] as unknown[]));
  for (const key of ["items", "not", "propertyNames", "additionalProperties"])
    if (key in shape && (key !== "additionalProperties" || typeof shape[key] === "object")) inner.push(shape[key]);
  return first(inner, (next) => walk(next, check, false, depth + 1));
}

export const noBooleans = schemas((schema) => (typeof schema === "boolean" ? "Unrecognized schema: true" : undefined));
export const noReferences = schemas((schema) =>
  typeof schema === "object" && schema !== null && "$ref" in schema ? "unresolved $ref" : undefined,
);
export const noMeta = schemas((schema) =>
  typeof schema === "object" && schema !== null && "$schema" in schema ? "$schema is not allowed" : undefined,
);
export const noRootUnion = schemas((schema, root) =>
  root && typeof schema === "object" && schema !== null && ["anyOf", "oneOf", "allOf"].some((key) => key in schema)
    ? "union at the top level"
    : undefined,
);

const geminiKeywords = new Set(
  "type format title description nullable enum items minItems maxItems properties required minimum maximum minLength maxLength pattern anyOf default propertyOrdering minProperties maxProperties".split(
    " ",
  ),
);
export const geminiSchemas = schemas((schema) => {
  if (typeof schema !== "object" || schema === null) return "schema must be an object";
  const shape = schema as Json;
  const unknown = Object.keys(shape).find((key) => !geminiKeywords.has(key));
  if (unknown) return `Unknown name "${unknown}"`;
  if (Array.isArray(shape["type"])) return "type must be a string";
  if (shape["type"] === "array" && !("items" in shape)) return "items: missing field";
  if (shape["type"] !== "object" && "properties" in shape) return "properties: only allowed for OBJECT type";
  const properties = typeof shape["properties"] === "object" ? (shape["properties"] as Json) : {};
  if (Array.isArray(shape["required"]) && shape["required"].some((name) => !Object.hasOwn(properties, name)))
    return "required[0]: property is not defined";
  if (Array.isArray(shape["enum"]) && shape["enum"].some((value) => typeof value !== "string" || value === ""))
    return "enum: must be non-empty strings";
  return undefined;
});

export const moonshotSchemas = schemas((schema, root) => {
  if (typeof schema !== "object" || schema === null) return undefined;
  const shape = schema as Json;
  if (root && shape["type"] !== "object") return "root must be an object";
  if (Array.isArray(shape["anyOf"]) && "type" in shape) return "type must stand in the branches of anyOf";
  return Array.isArray(shape["items"]) ? "items must not be a tuple" : undefined;
});
