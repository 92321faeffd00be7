/** A value of a GGUF head with its type. */
export type Figure =
  | readonly ["u32" | "u64" | "f32", number]
  /** One of another type, by its number in the format. */
  | readonly ["bytes", type: number, Buffer]
  | readonly ["text", string]
  | readonly ["u32s", readonly number[]]
  | readonly ["texts", readonly string[]];

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const list = (type: number, items: readonly Buffer[]) => Buffer.concat([u32(type), u64(items.length), ...items]);

function bytesOf(figure: Figure): Buffer {
  if (figure[0] === "bytes") return Buffer.concat([u32(figure[1]), figure[2]]);
  const [type, value] = figure;
  if (type === "u32") return Buffer.concat([u32(4), u32(value)]);
  if (type === "u64") return Buffer.concat([u32(10), u64(value)]);
  if (type === "text") return Buffer.concat([u32(8), text(value)]);
  if (type === "u32s") return Buffer.concat([u32(9), list(4, value.map(u32))]);
  if (type === "texts") return Buffer.concat([u32(9), list(8, value.map(text))]);
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([u32(6), bytes]);
}

/** The head of a GGUF file: what it says of its model, without the model. */
export function ggufHead(figures: Readonly<Record<string, Figure>>, version = 3): Buffer {
  const entries = Object.entries(figures).map(([key, figure]) => Buffer.concat([text(key), bytesOf(figure)]));
  return Buffer.concat([Buffer.from("GGUF"), u32(version), u64(0), u64(entries.length), ...entries]);
}

/** One of a model as large as a laptop runs. */
export const qwen: Readonly<Record<string, Figure>> = {
  "general.architecture": ["text", "qwen3"],
  "general.name": ["text", "Qwen3 Coder"],
  "qwen3.rope.freq_base": ["f32", 1_000_000],
  "qwen3.context_length": ["u32", 262_144],
  "qwen3.block_count": ["u32", 48],
  "qwen3.embedding_length": ["u32", 2_048],
  "qwen3.attention.head_count": ["u32", 32],
  "qwen3.attention.head_count_kv": ["u32", 4],
  "qwen3.attention.key_length": ["u32", 128],
  "qwen3.attention.value_length": ["u32", 128],
  "tokenizer.ggml.tokens": ["texts", ["a", "b"]],
};
