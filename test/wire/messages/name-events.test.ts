import { describe, expect, it } from "vitest";
import { mendReply } from "../../../src/wire/messages/mend-reply.ts";

function pass(pieces: readonly Buffer[]): string {
  const mend = mendReply(true);
  return Buffer.concat([...pieces.map((piece) => mend.push(piece)), mend.end()]).toString();
}

describe("events that have only their data", () => {
  const start = 'data: {"type":"message_start","message":{"content":[],"usage":{}}}';
  const text = 'data: {"index":0,"type":"content_block_delta","delta":{"type":"text_delta","text":"ä event: x"}}';
  it.each<[what: string, given: string, named: string]>([
    ["get their names", `${start}\n\n${text}\n\n`, `event: message_start\n${start}\n\nevent: content_block_delta\n${text}\n\n`],
    ["also between CRLF", `${start}\r\n\r\n`, `event: message_start\n${start}\r\n\r\n`],
    ["and behind a comment of their own", `: x\n${start}\n\n`, `: x\nevent: message_start\n${start}\n\n`],
    ["also the last without an end", `${start}\n`, `event: message_start\n${start}\n`],
    ["but none twice", `${start}\nevent: message_start\n\n`, `${start}\nevent: message_start\n\n`],
    ["nor where they are none", 'data: [DONE]\n\n: x\n\ndata: {"type":"a\\nb"}\n\n', 'data: [DONE]\n\n: x\n\ndata: {"type":"a\\nb"}\n\n'],
    ["nor where they broke off", 'data: {"type":"message_sta', 'data: {"type":"message_sta'],
  ])("%s", (_what, given, named) => {
    const bytes = Buffer.from(given);
    const cuts = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
    for (const pieces of [...cuts, Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))]) expect(pass(pieces)).toBe(named);
  });
});
