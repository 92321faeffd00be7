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
import { followCalls } from "./call-of-result.ts";
import { ownOfCall, ownOfMessage, ownOfResult } from "./own-of-message.ts";
import { thoughtIn } from "./reasoning.ts";
import { callSignature, sealSignature } from "./seal.ts";

/**
 * The messages of a conversation as turns. Tool messages, and the user message right after them, are one user turn: the other wires have
 * no turn of a tool's own.
 */
export function acceptMessages(messages: readonly unknown[]): Turn[] {
  const turns: Turn[] = [];
  const calls = followCalls();
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
        calls.called(turn);
        break;
      }
      case "tool":
      case "function": {
        const id = calls.answeredBy(message);
        if (id === undefined) throw unacceptableAt(`${path}.tool_call_id`, "must be the id of a tool call");
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

/** Clients of some servers send thinking back among the parts of the content, as they got it. */
function acceptAssistantParts(content: readonly unknown[], path: string, parts: AssistantPart[]): void {
  content.forEach((part, at) => {
    const thought = isObject(part) ? thoughtIn(part) : undefined;
    if (thought === undefined) append(parts, acceptText([part], `${path}[${at}]`));
    else parts.push({ type: "thinking", text: thought });
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
