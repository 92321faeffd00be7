import { describe, expect, it } from "vitest";
import { closedAfterEachTest } from "../../support/closing.ts";
import { eventsOf, messagesRequest, saidIn } from "../../support/proxy.ts";
import { serving } from "../../support/serving.ts";
import { answerJson, answerStream, chatStream, event } from "../../support/upstream.ts";

const serve = serving(closedAfterEachTest());

const tools = [{ name: "Bash", input_schema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] } }];
const refused = (generation: string) => ({
  error: { message: "Failed to call a function.", type: "invalid_request_error", code: "tool_use_failed", failed_generation: generation },
});

describe("a call that the provider could not parse", () => {
  it.each([
    ["Llama's tag", '<function=Bash>{"command":"ls"}</function>'],
    ["Llama's tag without its end", '<function=Bash{"command":"ls"}</function>'],
    ["Llama's tag with a comma", '<function=Bash,{"command":"ls"}></function>'],
    ["Llama's tag with a list", '<function=Bash [{"command":"ls"}]></function>'],
    ["Llama's tag with brackets", '<function(Bash){"command":"ls"}</function>'],
    ["Hermes", '<tool_call>\n{"name":"Bash","arguments":{"command":"ls"}}\n</tool_call>'],
    ["a list", '[{"name":"Bash","parameters":{"command":"ls"}}]'],
    [
      "tool-use",
      '<tool-use>{"tool_calls":[{"id":"pending","type":"function","function":{"name":"Bash"},"parameters":{"command":"ls"}}]}</tool-use>',
    ],
  ])("%s", async (_, generation) => {
    for (const script of [answerJson(refused(generation), 400), answerStream([event(refused(generation))])]) {
      const { proxy } = await serve(script);
      const whole = await proxy.post("/v1/messages", { ...messagesRequest(), stream: false, tools });
      expect(whole.json).toMatchObject({
        content: [{ type: "tool_use", name: "Bash", input: { command: "ls" } }],
        stop_reason: "tool_use",
      });
      const streamed = await proxy.post("/v1/messages", { ...messagesRequest(), tools });
      expect(streamed.text).toContain('"name":"Bash"');
      expect(streamed.text).toContain('"stop_reason":"tool_use"');
      expect(streamed.text).not.toContain("event: error");
    }
  });

  it.each([
    "Failed to parse input at pos 13: <tool_call>\n<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>",
    'error parsing tool call: raw=\'{"name":"Bash","parameters":{"command":"ls"}}\', err=invalid character',
  ])("is read where it stands in the server's sentence: %s", async (message) => {
    for (const script of [answerJson({ error: { message } }, 500), answerStream([event({ error: { message } })])]) {
      const { proxy } = await serve(script);
      const { text } = await proxy.post("/v1/messages", { ...messagesRequest(), tools });
      expect(text).toContain('"name":"Bash"');
      expect(text).toContain('"stop_reason":"tool_use"');
    }
  });

  it.each([{ reasoning_content: "hm" }, { content: "So." }])("follows what was told before the error: %j", async (delta) => {
    const message = 'Failed to parse input at pos 0: So.<tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call>';
    const { proxy } = await serve(answerStream([event({ id: "x", choices: [{ index: 0, delta }] }), event({ error: { message } })]));
    const whole = await proxy.post("/v1/messages", { ...messagesRequest(), stream: false, tools });
    const [first, call, ...more] = (whole.json as { content: { type: string }[] }).content;
    expect([first?.type, call, more]).toMatchObject(["content" in delta ? "text" : "thinking", { type: "tool_use", name: "Bash" }, []]);
    const { text } = await proxy.post("/v1/messages", { ...messagesRequest(), tools });
    expect(eventsOf(text).map(({ name }) => name)).toEqual([
      "message_start",
      ...["content_block_start", "content_block_delta", ...("content" in delta ? [] : ["content_block_delta"]), "content_block_stop"],
      ...["content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"],
    ]);
  });

  it("that nobody can parse is asked for once more", async () => {
    const { upstream, proxy } = await serve([answerJson(refused("no idea"), 400), answerStream(chatStream(["ok"]))]);
    expect(saidIn((await proxy.post("/v1/messages", { ...messagesRequest(), tools })).text)).toBe("ok");
    expect(upstream.requests.length).toBe(2);
  });

  it("that nobody can parse twice is a failure after which the same may be tried again", async () => {
    const { proxy } = await serve(answerJson(refused('{"name":"Bash","arguments":{"command":"rm -rf /ho'), 400));
    const answer = await proxy.post("/v1/messages", { ...messagesRequest(), tools });
    expect(answer.status).toBe(500);
    expect(answer.json.error).toMatchObject({ type: "api_error" });
  });

  it("goes on in a stream that has begun", async () => {
    const begun = event({ id: "c", choices: [{ index: 0, delta: { role: "assistant" }, finish_reason: null }] });
    const { proxy } = await serve(answerStream([begun, event(refused('<function=Bash>{"command":"ls"}</function>'))]));
    const answer = await proxy.post("/v1/messages", { ...messagesRequest(), tools });
    expect(answer.text.match(/event: message_start/g)).toHaveLength(1);
    expect(answer.text).toContain('"stop_reason":"tool_use"');
  });
});
