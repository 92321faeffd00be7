import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mendCallsInReply, mendReply } from "../../../src/wire/messages/mend-reply.ts";

const event = (data: { readonly type: string; readonly [field: string]: unknown }, newline = "\n") =>
  [`event: ${data.type}`, `data: ${JSON.stringify(data)}`, "", ""].join(newline);
const call = (input: object, index = 1) =>
  event({ type: "content_block_start", index, content_block: { type: "tool_use", id: "a", name: "Read", input } });
const delta = (partial_json: string, index = 1) =>
  event({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json } });
const stop = (index = 1) => event({ type: "content_block_stop", index });
const stopped = (stop_reason: string) => event({ type: "message_delta", delta: { stop_reason }, usage: { output_tokens: 5 } });
const last = event({ type: "message_stop" });
const text = [
  ": a comment\n\n",
  event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
  event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "I would stop with end_turn, dächte ich." } }),
  stop(0),
].join("");

function pass(pieces: readonly Buffer[]): string {
  const mend = mendReply();
  return Buffer.concat([...pieces.map((piece) => mend.push(piece)), mend.end()]).toString();
}

/** Cut in two at every byte, and into single bytes. */
function passEveryWay(stream: string): ReadonlySet<string> {
  const bytes = Buffer.from(stream);
  const cuts = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return new Set([...cuts, Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))].map(pass));
}

describe("a stream of a server that tells its calls wrong", () => {
  it.each<[what: string, given: string, mended: string]>([
    [
      "arguments that stand where the call begins come in a delta, and only there, since the Vercel AI SDK puts both together",
      text + call({ path: "ä", line: 2 }) + stop() + stopped("tool_use") + last,
      text + call({}) + delta('{"path":"ä","line":2}') + stop() + stopped("tool_use") + last,
    ],
    [
      "but not those that deltas bring as well",
      text + call({ path: "a" }) + delta("") + delta('{"path":"a"}') + stop() + stopped("tool_use") + last,
      text + call({}) + delta("") + delta('{"path":"a"}') + stop() + stopped("tool_use") + last,
    ],
    [
      "and a delta with nothing in it brings none",
      text + call({ path: "a" }) + delta("") + stop() + stopped("tool_use") + last,
      text + call({}) + delta("") + delta('{"path":"a"}') + stop() + stopped("tool_use") + last,
    ],
    [
      "each call's are its own",
      call({ path: "a" }, 0) + stop(0) + call({}) + delta("{}") + stop() + call({ path: "b" }, 2) + stop(2) + stopped("tool_use") + last,
      call({}, 0) +
        delta('{"path":"a"}', 0) +
        stop(0) +
        call({}) +
        delta("{}") +
        stop() +
        call({}, 2) +
        delta('{"path":"b"}', 2) +
        stop(2) +
        stopped("tool_use") +
        last,
    ],
    [
      "of calls that overlap too",
      call({ path: "a" }, 0) +
        call({ path: "b" }) +
        call({}, 2) +
        delta("{}", 2) +
        stop(0) +
        stop(1) +
        stop(2) +
        stopped("tool_use") +
        last,
      call({}, 0) +
        call({}) +
        call({}, 2) +
        delta("{}", 2) +
        delta('{"path":"a"}', 0) +
        stop(0) +
        delta('{"path":"b"}') +
        stop() +
        stop(2) +
        stopped("tool_use") +
        last,
    ],
    [
      "a reply with a call stops for it",
      text + call({}) + delta("{}") + stop() + stopped("end_turn") + last,
      text + call({}) + delta("{}") + stop() + stopped("tool_use") + last,
    ],
  ])("%s", (_what, given, mended) => {
    expect(passEveryWay(given)).toEqual(new Set([mended]));
    const lines = (stream: string) => stream.replaceAll("\n", "\r\n");
    const added = /event: content_block_delta\r\n(data: .*"input_json_delta".*)\r\n\r\n/g;
    // What is put in has its own line ends.
    const plain = (stream: string) => stream.replaceAll(added, "event: content_block_delta\n$1\n\n");
    expect(plain(pass([Buffer.from(lines(given))]))).toBe(plain(lines(mended)));
  });

  it("long integers in arguments stay exact", () => {
    const given = call({ id: 0 }).replace('"id":0', '"id":1234567890123456789') + stop();
    expect(pass([Buffer.from(given)])).toContain(String.raw`"{\"id\":1234567890123456789}"`);
  });
});

describe("all other bytes pass as they came", () => {
  it.each<[what: string, stream: string]>([
    ["without a call, whatever the text speaks of", `${text.replace("dächte", "tool_use")}${stopped("end_turn")}${last}`],
    ["a call that is right", text + call({}) + delta('{"a":') + delta("1}") + stop() + stopped("tool_use") + last],
    ["a call without arguments", text + call({}) + stop() + stopped("tool_use") + last],
    ["a call that was cut by the limit", text + call({}) + delta('{"a":') + stop() + stopped("max_tokens") + last],
    [
      "tools that the server runs itself",
      event({
        type: "content_block_start",
        index: 0,
        content_block: { type: "server_tool_use", id: "s", name: "web_search", input: { query: "x" } },
      }) +
        stop(0) +
        stopped("end_turn") +
        last,
    ],
    ["a stream that breaks off", text + call({ path: "a" }).slice(0, -20)],
    ["what is no stream", "{}\n\ntool_use\n\n\n"],
  ])("%s", (_what, stream) => {
    expect(passEveryWay(stream)).toEqual(new Set([stream]));
  });

  it("a token of its template behind a tool's name is none of it", () => {
    const named = (name: string, type = "tool_use") =>
      event({ type: "content_block_start", index: 1, content_block: { type, id: "a", name, input: {} } });
    expect(passEveryWay(named("Read</arg_value>") + stop())).toEqual(new Set([named("Read") + stop()]));
    for (const right of [named("mcp__a__b-c"), named("<Read>"), named("Read</arg_value>", "server_tool_use")])
      expect(passEveryWay(right)).toEqual(new Set([right]));
  });

  it("in any pieces as whole", () => {
    const right = [text, call({}), delta('{"a":1}'), stop(), stopped("tool_use"), "\r\n", "\n", "data: tool_use", ": c\r\n\r\n", "\0"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...right)), fc.array(fc.nat(400)), (parts, sizes) => {
        const bytes = Buffer.from(parts.join(""));
        const pieces: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(pass([...pieces, bytes.subarray(at)])).toBe(pass([bytes]));
      }),
    );
  });
});

describe("a whole reply", () => {
  const reply = (stop_reason: string, type = "tool_use") =>
    Buffer.from(
      `{ "content": [{"type":"${type}","id":"a","name":"Read","input":{"stop_reason":"end_turn"}}],"stop_reason" : "${stop_reason}" }\n`,
    );

  it("with a call stops for it, and is the same otherwise", () => {
    expect(mendCallsInReply(reply("end_turn")).toString()).toBe(reply("tool_use").toString());
  });

  it("has the tools' own names", () => {
    const calls = (...names: string[]) =>
      Buffer.from(
        `{"content":[${names.map((name) => `{"type":"tool_use","name":"${name}","input":{"name":"b<c"}}`).join(" ,")}],"stop_reason":"tool_use"}`,
      );
    expect(mendCallsInReply(calls("Read</arg_value>", "Bash", "Edit </think>x")).toString()).toBe(calls("Read", "Bash", "Edit").toString());
  });

  it.each([
    reply("tool_use"),
    reply("max_tokens"),
    reply("end_turn", "server_tool_use"),
    Buffer.from("end_turn tool_use"),
    Buffer.from("[]"),
  ])("that is right stays as it is", (right) => {
    expect(mendCallsInReply(right)).toBe(right);
  });
});
