import { isObject } from "../../model/json.ts";
import { allOf, callFromJson, type WrittenCall } from "./call.ts";
import { calls, endsWith, type Family } from "./family.ts";
import { looseJson } from "./loose-json.ts";

const close = (tag: string): string => `<|close|>${tag}<|sep|>`;
/**
 * A tag with nothing but its name, in both spellings: TensorRT-LLM (its pull request 16972), and vLLM's Responses endpoint (51152), put
 * spaces between special tokens and what stands beside them.
 */
const spellings = (kind: "open" | "close", name: string): readonly string[] => [`<|${kind}|>${name}<|sep|>`, `<|${kind}|> ${name} <|sep|>`];
const spacedTag = / ?<\|(open|close)\|> ((?:(?!<\|)[\s\S])*?) ?<\|sep\|> ?/g;
/** A tag's name and attributes: only `<|` cannot stand in them. */
const tag = (name: string): RegExp => new RegExp(`^<\\|open\\|>${name}((?:(?!<\\|)[\\s\\S])*)<\\|sep\\|>`);
const callTag = tag("call");
const argumentTag = tag("argument");
const jsonTag = tag("json");

function attribute(header: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(header)?.[1];
  return found?.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** What each of the tags of a kind has in it, in order; undefined where one is not closed. */
function elements(text: string, name: string): string[] | undefined {
  const pieces = text
    .split(new RegExp(`(?=<\\|open\\|>${name}\\b)`))
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
  const ends = pieces.map((piece) => piece.lastIndexOf(close(name)));
  return ends.includes(-1) ? undefined : pieces.map((piece, at) => piece.slice(0, ends[at]));
}

function argumentsOf(body: string): Record<string, unknown> | undefined {
  const json = jsonTag.exec(body.trim());
  if (json !== null) {
    const value = looseJson(body.trim().slice(json[0].length).replace(close("json"), "").trim());
    return isObject(value) ? value : undefined;
  }
  const pieces = elements(body, "argument");
  if (pieces === undefined) return undefined;
  const found: [string, unknown][] = [];
  for (const piece of pieces) {
    const [head, attributes = ""] = argumentTag.exec(piece) ?? [];
    const key = attribute(attributes, "key");
    if (head === undefined || key === undefined) return undefined;
    const text = piece.slice(head.length);
    const isString = (attribute(attributes, "type") ?? "string") === "string";
    found.push([key, isString ? text : (looseJson(text.trim()) ?? text)]);
  }
  return Object.fromEntries(found);
}

function readCall(element: string): WrittenCall | undefined {
  const [head, attributes = ""] = callTag.exec(element) ?? [];
  const value = head === undefined ? undefined : argumentsOf(element.slice(head.length));
  return callFromJson({ name: attribute(attributes, "tool"), arguments: value });
}

/** Kimi K3: `<|open|>call tool="NAME" index="1"<|sep|><|open|>argument key="KEY" type="string"<|sep|>VALUE<|close|>argument<|sep|>...`. */
export const kimiTags: Family = {
  open: spellings("open", "tools"),
  close: spellings("close", "tools"),
  settled: endsWith(...spellings("close", "call")),
  read: (body, opener) => {
    const text = opener.includes(" ") ? body.replace(spacedTag, "<|$1|>$2<|sep|>") : body;
    return calls(allOf((elements(text, "call") ?? []).map(readCall)));
  },
  inThinking: true,
};

/** What parts its answer from the rest, and ends its turn: servers leave these in the text, and vLLM the last even where it reads the calls. */
export const kimiFrames: readonly string[] = [
  ...spellings("open", "response"),
  ...spellings("close", "response"),
  ...spellings("close", "message"),
  "<|end_of_msg|>",
];
/** What stands around its reasoning, in each spelling. */
export const kimiThinking = spellings("open", "think").map((open, at) => [open, spellings("close", "think")[at] ?? ""] as const);
