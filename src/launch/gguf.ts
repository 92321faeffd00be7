import { closeSync, openSync, readSync, statSync } from "node:fs";
import { defined } from "../model/defined.ts";

/** What a model file says of itself, as far as it is needed to serve it. */
export interface ModelFile {
  /** Tokens. */
  readonly trainedContext?: number;
  /** Bytes that one token of the window takes in memory, at 16 bits a value. */
  readonly bytesPerToken?: number;
}

/** The model's own figures stand at the beginning, before its vocabulary. */
const longestHead = 1024 * 1024;
/** Scalars by the number of their type. */
const scalars: Readonly<Record<number, { readonly bytes: number; readonly read: (head: Buffer, at: number) => number }>> = {
  0: { bytes: 1, read: (head, at) => head.readUInt8(at) },
  1: { bytes: 1, read: (head, at) => head.readInt8(at) },
  2: { bytes: 2, read: (head, at) => head.readUInt16LE(at) },
  3: { bytes: 2, read: (head, at) => head.readInt16LE(at) },
  4: { bytes: 4, read: (head, at) => head.readUInt32LE(at) },
  5: { bytes: 4, read: (head, at) => head.readInt32LE(at) },
  6: { bytes: 4, read: (head, at) => head.readFloatLE(at) },
  7: { bytes: 1, read: (head, at) => head.readUInt8(at) },
  10: { bytes: 8, read: (head, at) => Number(head.readBigUInt64LE(at)) },
  11: { bytes: 8, read: (head, at) => Number(head.readBigInt64LE(at)) },
  12: { bytes: 8, read: (head, at) => head.readDoubleLE(at) },
};
/** The other types, and those in which the file counts. */
const [textType, listType, unsigned32, unsigned64] = [8, 9, 4, 10] as const;

/**
 * Reads the head of a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), no further than needed. Undefined: it is none.
 * The file may be anybody's: nothing in it is taken for a length that was not checked.
 */
export function readModelFile(path: string): ModelFile | undefined {
  const head = Buffer.alloc(Math.min(statSync(path).size, longestHead));
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  const figures = figuresOf(head);
  if (figures === undefined) return undefined;
  const architecture = figures.get("general.architecture");
  const figure = (name: string) => {
    const value = figures.get(`${architecture}.${name}`);
    return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const trainedContext = figure("context_length");
  const [layers, width, heads] = [figure("block_count"), figure("embedding_length"), figure("attention.head_count")];
  const keyHeads = figure("attention.head_count_kv") ?? heads;
  const each = width !== undefined && heads !== undefined ? width / heads : undefined;
  const [keys, values] = [figure("attention.key_length") ?? each, figure("attention.value_length") ?? each];
  const known = layers !== undefined && keyHeads !== undefined && keys !== undefined && values !== undefined;
  return defined({ trainedContext, bytesPerToken: known ? layers * keyHeads * (keys + values) * 2 : undefined });
}

/** Text and numbers by their key; undefined where this is no GGUF head. What lies beyond the bytes is left out. */
function figuresOf(head: Buffer): ReadonlyMap<string, string | number> | undefined {
  if (head.length < 24 || head.toString("latin1", 0, 4) !== "GGUF" || head.readUInt32LE(4) < 2) return undefined;
  const figures = new Map<string, string | number>();
  let at = 24;
  const has = (bytes: number) => bytes >= 0 && at + bytes <= head.length;
  const scalar = (type: number): number | undefined => {
    const known = scalars[type];
    if (known === undefined || !has(known.bytes)) return undefined;
    at += known.bytes;
    return known.read(head, at - known.bytes);
  };
  const text = (): string | undefined => {
    const bytes = scalar(unsigned64);
    if (bytes === undefined || !has(bytes)) return undefined;
    at += bytes;
    return head.toString("utf8", at - bytes, at);
  };
  /** The heads of each layer may be a list: the first stands for all. */
  const list = (): string | number | undefined => {
    const [type, count] = [scalar(unsigned32), scalar(unsigned64)];
    if (type === undefined || type === listType || count === undefined) return undefined;
    let first: string | number | undefined;
    for (let index = 0; index < count; index++) {
      const one = value(type);
      if (one === undefined) return undefined;
      first ??= one;
    }
    return first ?? "empty";
  };
  const value = (type: number): string | number | undefined => {
    if (type === textType) return text();
    return type === listType ? list() : scalar(type);
  };
  for (let index = head.readBigUInt64LE(16); index > 0n; index--) {
    const [key, type] = [text(), scalar(unsigned32)];
    const found = key === undefined || type === undefined ? undefined : value(type);
    if (key === undefined || found === undefined) break;
    figures.set(key, found);
  }
  return figures;
}
