import { closeSync, openSync, readSync, statSync } from "node:fs";

/** What a model file says of itself, as far as it is needed to serve it. */
export interface ModelFile {
  readonly bytes: number;
  /** Tokens. */
  readonly trainedContext?: number;
  /** Bytes that one token of the window takes in memory, at 16 bits a value. */
  readonly bytesPerToken?: number;
}

/** The model's own figures stand at the beginning, before its vocabulary. */
const longestHead = 1024 * 1024;
const scalarBytes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

/**
 * Reads the head of a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), no further than needed. Undefined: it is none.
 * The file may be anybody's: nothing in it is taken for a length that was not checked.
 */
export function readModelFile(path: string): ModelFile | undefined {
  const { size } = statSync(path);
  const head = Buffer.alloc(Math.min(size, longestHead));
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
  return {
    bytes: size,
    ...(trainedContext === undefined ? {} : { trainedContext }),
    ...(known ? { bytesPerToken: layers * keyHeads * (keys + values) * 2 } : {}),
  };
}

/** Text and numbers by their key; undefined where this is no GGUF head. What lies beyond the bytes is left out. */
function figuresOf(head: Buffer): ReadonlyMap<string, string | number> | undefined {
  if (head.length < 24 || head.toString("latin1", 0, 4) !== "GGUF" || head.readUInt32LE(4) < 2) return undefined;
  const figures = new Map<string, string | number>();
  let at = 24;
  const has = (bytes: number) => bytes >= 0 && at + bytes <= head.length;
  const length = (): number | undefined => {
    if (!has(8)) return undefined;
    const value = Number(head.readBigUInt64LE(at));
    at += 8;
    return value;
  };
  const text = (): string | undefined => {
    const bytes = length();
    if (bytes === undefined || !has(bytes)) return undefined;
    at += bytes;
    return head.toString("utf8", at - bytes, at);
  };
  const value = (type: number): string | number | "skipped" | undefined => {
    if (type === 8) return text();
    if (type !== 9) {
      const bytes = scalarBytes[type];
      if (!bytes || !has(bytes)) return undefined;
      at += bytes;
      return scalar(head, at - bytes, type);
    }
    if (!has(4)) return undefined;
    const inner = head.readUInt32LE(at);
    at += 4;
    const count = length();
    // The heads of each layer may be a list: the first stands for all.
    let first: string | number | undefined;
    for (let index = 0; index < (count ?? 0); index++) {
      const one = inner === 9 ? undefined : value(inner);
      if (one === undefined) return undefined;
      first ??= one;
    }
    return first ?? "skipped";
  };
  for (let index = head.readBigUInt64LE(16); index > 0n; index--) {
    const key = text();
    if (key === undefined || !has(4)) break;
    const type = head.readUInt32LE(at);
    at += 4;
    const found = value(type);
    if (found === undefined) break;
    figures.set(key, found);
  }
  return figures;
}

function scalar(head: Buffer, at: number, type: number): number {
  switch (type) {
    case 0:
    case 7:
      return head.readUInt8(at);
    case 1:
      return head.readInt8(at);
    case 2:
      return head.readUInt16LE(at);
    case 3:
      return head.readInt16LE(at);
    case 4:
      return head.readUInt32LE(at);
    case 5:
      return head.readInt32LE(at);
    case 6:
      return head.readFloatLE(at);
    case 10:
      return Number(head.readBigUInt64LE(at));
    case 11:
      return Number(head.readBigInt64LE(at));
    default:
      return head.readDoubleLE(at);
  }
}
