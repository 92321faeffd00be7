/** The type of a PNG, GIF, WebP or JPEG by its first bytes. */
export function imageType(data: string): string | undefined {
  const bytes = Buffer.from(data.slice(0, 16), "base64").toString("latin1");
  if (bytes.startsWith("\x89PNG")) return "image/png";
  if (bytes.startsWith("GIF8")) return "image/gif";
  if (bytes.startsWith("RIFF") && bytes.startsWith("WEBP", 8)) return "image/webp";
  return bytes.startsWith("\xff\xd8\xff") ? "image/jpeg" : undefined;
}

/** Width and height from the first bytes of a PNG, GIF, WebP or JPEG. */
export function imageSize(data: string): { width: number; height: number } | undefined {
  // 64 KB: a JPEG's frame header comes after its colour profile and preview.
  const bytes = Buffer.from(data.slice(0, 87_384), "base64");
  if (bytes.length < 30) return undefined;
  switch (imageType(data)) {
    case "image/png":
      return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
    case "image/gif":
      return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
    case "image/webp":
      return webpSize(bytes);
    case "image/jpeg":
      return jpegSize(bytes);
    default:
      return undefined;
  }
}

function webpSize(bytes: Buffer): { width: number; height: number } | undefined {
  const chunk = bytes.toString("latin1", 12, 16);
  if (chunk === "VP8X") return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (chunk === "VP8 ") return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (chunk !== "VP8L") return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

function jpegSize(bytes: Buffer): { width: number; height: number } | undefined {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
