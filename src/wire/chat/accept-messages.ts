import { isCall } from "../../model/calls.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import { append } from "../../model/lists.ts";
import type { AssistantPart, AssistantTurn, Turn, UserPart } from "../../model/request.ts";
import { cached, markLast } from "../cache-mark.ts";
import { freeformArguments } from "../freeform-tool.ts";
import { isObject, type JsonObject, textOf } from "../json.ts";
import { Unacceptable, unacceptableAt } from "../refuse.ts";
import { acceptContent, acceptText, refusalPart } from "./accept-content.ts";
import { acceptThinking } from "./accept-thinking.ts";
import { acceptList, acceptNamed } from "./accept-tools.ts";
import { ownOfCall, ownOfMessage, ownOfResult } from "./own-of-message.ts";
import { callSignature, sealSignature } from "./seal.ts";

/**
 * The messages of a conversation as turns. Tool messages, and the user message right after them, are one user turn: the other wires have
 * no turn of a tool's own.
 */
export function acceptMessages(messages: readonly unknown[]): Turn[] {
  const turns: Turn[] = [];
  /** By each tool's name the ids of its calls in the last assistant message that calls it. */
  const calls = new Map<string, readonly string[]>();
  const answered = new Set<string>();
  /** The user turn that the last message gave a result to, and that this one may go on with. */
  let open: UserPart[] | undefined;
  messages.forEach((message, at) => {
    const results = open;
    open = undefined;
    const path = `messages[${at}]`;
    if (!isObject(message)) throw unacceptableAt(path, "must be an object");
    switch (message.role) {
      case "system":
      case "developer":
        turns.push({ role: "system", parts: markLast(acceptText(message.content, `${path}.content`), message) });
        break;
      case "user": {
        const said = markLast(acceptContent(message.content, `${path}.content`), message);
        const parts = said.length === 0 ? said : [...ownOfMessage(message), ...said];
        if (results !== undefined) append(results, parts);
        else turns.push({ role: "user", parts });
        break;
      }
      case "assistant": {
        const turn = acceptAssistant(message, path, at);
        turns.push(turn);
        for (const [name, ids] of idsByName(turn)) {
          calls.set(name, ids);
          for (const id of ids) answered.delete(id);
        }
        break;
      }
      case "tool":
      case "function": {
        const id = textOf(message.tool_call_id) ?? callOf(calls.get(textOf(message.name) ?? "") ?? [], answered);
        if (id === undefined) throw unacceptableAt(`${path}.tool_call_id`, "must be the id of a tool call");
        answered.add(id);
        const parts = acceptContent(message.content, `${path}.content`);
        open = results ?? [];
        if (results === undefined) turns.push({ role: "user", parts: open });
        open.push({ type: "tool-result", id, parts, error: false, ...cached(message), ...ownOfResult(message) });
        break;
      }
      case undefined:
        throw new Unacceptable(`Missing required parameter: '${path}.role'.`, `${path}.role`);
      default:
        throw unacceptableAt(`${path}.role`, `unknown role ${JSON.stringify(message.role)}`);
    }
  });
  return turns;
}

function idsByName({ parts }: AssistantTurn): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { id, name } of parts.filter(isCall)) {
    const same = ids.get(name);
    if (same === undefined) ids.set(name, [id]);
    else same.push(id);
  }
  return ids;
}

/**
 * The call that a result without an id is of, among those of its tool: those of role "function" never have one, and Ollama takes those of role
 * "tool" by the name of their tool. With several calls that it could be of, it is of none.
 */
function callOf(calls: readonly string[], answered: ReadonlySet<string>): string | undefined {
  const open = calls.filter((id) => !answered.has(id));
  const [only, ...others] = open.length > 0 ? open : calls;
  return others.length === 0 ? only : undefined;
}

function acceptAssistant(message: JsonObject, path: string, place: number): AssistantTurn {
  const parts: AssistantPart[] = [...ownOfMessage(message), ...acceptThinking(message)];
  if (Array.isArray(message.content)) acceptAssistantParts(message.content, `${path}.content`, parts);
  else for (const part of acceptText(message.content, `${path}.content`)) parts.push(part);
  const refusal = textOf(message.refusal);
  if (refusal !== undefined) parts.push(refusalPart(refusal));

  acceptList(message.tool_calls, `${path}.tool_calls`).forEach((call, at) => {
    const place = `${path}.tool_calls[${at}]`;
    if (!isObject(call)) throw unacceptableAt(place, "must be an object");
    const id = textOf(call.id);
    if (id === undefined) throw unacceptableAt(`${place}.id`, "must be a string");
    const signature = callSignature(call);
    if (signature !== undefined) parts.push({ type: "thinking", text: "", seal: sealSignature(signature) });
    const called =
      call.type === "custom" ? acceptCustom(call.custom, `${place}.custom`) : acceptFunction(call.function, `${place}.function`);
    parts.push({ type: "tool-call", id, ...called, ...ownOfCall(call) });
  });
  if (isObject(message.function_call)) {
    // It has no id. The one it gets is its place, the same in each request, as a server caches the prompt.
    parts.push({ type: "tool-call", id: `function_call_${place}`, ...acceptFunction(message.function_call, `${path}.function_call`) });
  }
  return { role: "assistant", parts };
}

/** Mistral's clients send thinking back among the parts of the content. */
function acceptAssistantParts(content: readonly unknown[], path: string, parts: AssistantPart[]): void {
  content.forEach((part, at) => {
    if (isObject(part) && (part.type === "thinking" || part.type === "reasoning")) {
      const pieces = Array.isArray(part.thinking) ? part.thinking : [{ text: part.thinking ?? part.text }];
      parts.push({ type: "thinking", text: pieces.map((piece: unknown) => (isObject(piece) ? (textOf(piece.text) ?? "") : "")).join("") });
    } else {
      append(parts, acceptText([part], `${path}[${at}]`));
    }
  });
}

function acceptCustom(value: unknown, path: string): { readonly name: string; readonly arguments: string } {
  const { name, input } = acceptNamed(value, path);
  return { name, arguments: freeformArguments(textOf(input) ?? "") };
}

function acceptFunction(value: unknown, path: string): { readonly name: string; readonly arguments: string } {
  const { name, arguments: given } = acceptNamed(value, path);
  const text = typeof given === "string" ? given : given === undefined || given === null ? "" : stringifyExactly(given);
  return { name, arguments: text.trim() === "" ? "{}" : text };
}
