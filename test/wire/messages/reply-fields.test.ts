import { describe, expect, it } from "vitest";
import { mendReply } from "../../../src/wire/messages/mend-reply.ts";

function pass(pieces: readonly Buffer[]): string {
  const mend = mendReply();
  return Buffer.concat([...pieces.map((piece) => mend.push(piece)), mend.end()]).toString();
}

const event = (type: string, fields: string, newline = "\n") =>
  [`event: ${type}`, `data: {"type":"${type}"${fields}}`, "", ""].join(newline);
const text = event("content_block_delta", ',"index":0,"delta":{"type":"text_delta","text":"no \\"usage\\", ä event: message_delta"}');
const ping = ": x\n\nevent: ping\ndata: {}\n\n";
const zero = '"usage":{"input_tokens":0,"output_tokens":0}';

describe("a stream without the fields that clients read unseen", () => {
  it.each<[what: string, given: string, completed: string]>([
    [
      "gets them where it begins",
      ping + event("message_start", ',"message":{"id":"m"}') + text,
      ping + event("message_start", `,"message":{"id":"m","content":[],${zero}}`) + text,
    ],
    [
      "and where it ends",
      text + event("message_delta", ',"delta":{"stop_reason":"end_turn"}') + event("message_stop", ""),
      text + event("message_delta", ',"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":0}') + event("message_stop", ""),
    ],
    [
      "in the place of null, between CRLF",
      event("message_delta", ',"usage":null,"delta":{}', "\r\n"),
      event("message_delta", ',"usage":{"output_tokens":0},"delta":{}', "\r\n"),
    ],
    [
      "and its last event, behind signs of life",
      event("message_delta", ',"delta":{"stop_reason":"end_turn"},"usage":{}') + ping,
      event("message_delta", ',"delta":{"stop_reason":"end_turn"},"usage":{}') + ping + event("message_stop", ""),
    ],
    [
      "but not behind an error, or before the reason to stop",
      `${event("message_delta", ',"delta":{"stop_reason":"end_turn"},"usage":{}')}event: error\ndata: {}\n\n`,
      `${event("message_delta", ',"delta":{"stop_reason":"end_turn"},"usage":{}')}event: error\ndata: {}\n\n`,
    ],
    [
      "and stays as it is where it has them",
      event("message_start", ',"message":{"usage": {"input_tokens":1.0},"content":[]}') + event("message_delta", ',"usage":{}') + text,
      event("message_start", ',"message":{"usage": {"input_tokens":1.0},"content":[]}') + event("message_delta", ',"usage":{}') + text,
    ],
    [
      "nor where the last event lacks its blank line",
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{}}\n',
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{}}\n',
    ],
    ["or breaks off", 'event: message_delta\ndata: {"type":"mess', 'event: message_delta\ndata: {"type":"mess'],
    [
      "or says nothing that is known",
      "event: message_delta\ndata: {}\n\nevent: message_start\n\n",
      "event: message_delta\ndata: {}\n\nevent: message_start\n\n",
    ],
  ])("%s", (_what, given, completed) => {
    const bytes = Buffer.from(given);
    const cuts = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
    for (const pieces of [...cuts, Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))]) expect(pass(pieces)).toBe(completed);
  });
});
