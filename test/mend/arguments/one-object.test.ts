import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mendArguments } from "../../../src/mend/arguments/one-object.ts";
import { knownTools } from "../../../src/mend/known-tools.ts";
import { runStage } from "../../../src/model/pipe.ts";
import { events, fold, type Part, pieces, tool, walk } from "../walk.ts";

const tools = knownTools(
  new Map([
    ["Edit", tool("Edit", { path: { type: "string" }, count: { type: "integer" }, all: { type: "boolean" }, lines: { type: "array" } })],
    ["Bash", tool("Bash", { command: { type: "string" }, timeout: { type: "number" } }, { required: ["command"] })],
    ["Read", tool("Read", { paths: { type: "array" } })],
    ["Wait", tool("Wait", { seconds: { type: "integer" } })],
    ["TodoWrite", tool("TodoWrite", { todos: { type: "array", items: { type: "object" } } })],
  ]),
);
const stage = () => mendArguments(tools);
const call = (json: string, name = "Edit"): Part => ({ call: name, arguments: json, id: "a" });
const mended = (json: string, stop: "tool-use" | "max-output" | "refusal" = "tool-use", name = "Edit") =>
  walk(stage, { parts: [call(json, name)], stop }).parts;

describe("arguments of a call", () => {
  it.each([
    ["none", "", "{}"],
    ["white space only", " \n", "{}"],
    ["an empty object", "{}", "{}"],
    ["a placeholder before the real ones", '{}{"path":"a"}', '{"path":"a"}'],
    ["two objects", '{"path":"a"}{"path":"b"}', '{"path":"a"}'],
    ["text after the object", '{"path":"a"} and so on', '{"path":"a"} '],
    ["a closing fence after the object", '{"path":"a"}\n```', '{"path":"a"}\n'],
    ["one brace too many", '{"path":"a"}}', '{"path":"a"}'],
    ["a raw newline and tab in a string", '{"path":"a\nb\tc"}', '{"path":"a\\nb\\tc"}'],
    ["an escape that JSON has not", '{"path":"\\d+ C:\\Users \\\'x"}', '{"path":"\\\\d+ C:\\\\Users \'x"}'],
    ["a broken unicode escape", '{"path":"\\u00zz"}', '{"path":"\\\\u00zz"}'],
    ["a trailing comma", '{"path":"a", }', '{"path":"a"}'],
    ["a trailing comma in a list", '{"lines":[1,2,]}', '{"lines":[1,2]}'],
    ["numbers of every form", '{"lines":[0,-1,0.5,-12.5e+3,1E-2,3e8]}', '{"lines":[0,-1,0.5,-12.5e+3,1E-2,3e8]}'],
  ])("%s, on the way", (_, json, expected) => {
    expect(mended(json)).toEqual([call(expected)]);
  });

  it.each([
    ["single quotes", "{'path': 'a'}", { path: "a" }],
    ["single quotes after a good member", "{\"count\": 1, 'path': 'a'}", { count: 1, path: "a" }],
    ["a single-quoted value", "{\"path\": 'a'}", { path: "a" }],
    ["quotes inside a string", '{"path":"he said "hi" to me"}', { path: 'he said "hi" to me' }],
    ["a forgotten comma", '{"path":"a" "count":1}', { path: "a", count: 1 }],
    ["a name without its first quote", '{"count":1, path": "a, \\"b\\": c"}', { count: 1, path: 'a, "b": c' }],
    ["a name without quotes behind one with them", '{"count":1, path: "a: {b}"}', { count: 1, path: "a: {b}" }],
    ["Python's literals", '{"all": True, "path": None}', { all: true, path: null }],
    ["a string of Python's", '{"path":"""a "b"\n\\d\n"""}', { path: 'a "b"\n\\d\n' }],
    ["a fence", '```json\n{"path":"a"}\n```', { path: "a" }],
    ["JSON in a string", '"{\\"path\\":\\"a\\"}"', { path: "a" }],
    ["a list around the object", '[{"path":"a"}]', { path: "a" }],
    ["words before the object", 'Arguments: {"path":"a"}', { path: "a" }],
    ["a brace before the object", '{{"path":"a","count":1}', { path: "a", count: 1 }],
    ["an object that begins again", '{"path":"a"{"path":"a","count":1}', { path: "a", count: 1 }],
    ["a forgotten brace", '{"path":"a"', { path: "a" }],
    ["a number without its fraction", '{"count":1.}', { count: 1 }],
    ["a number without its exponent", '{"count":1e+}', { count: 1 }],
    ["a string for a tool of several parameters", '"a"', {}],
    ["null", "null", {}],
    ["a number", "3", {}],
  ])("%s, at the end", (_, json, expected) => {
    const [part] = mended(json);
    expect(part !== undefined && "arguments" in part ? JSON.parse(part.arguments) : undefined).toEqual(expected);
  });

  it.each([
    ["in a string", '{"path":"/home/a'],
    ["in a string with single quotes", "{'path':'/home/a"],
    ["in a string after a quote inside", '{"path":"say \\"hi'],
    ["in a key", '{"path":"a","cou'],
    ["behind a key", '{"path":"a","count": '],
    ["in a fence", '```json\n{"path":"/home/a'],
    ["in a string behind words with a quote", '5" wide: {"path":"/home/a'],
  ])("what is cut %s may lack the rest of a command, and stays what it is: no JSON", (_, json) => {
    expect(mended(json)).toEqual([call(json)]);
  });

  it.each(["false", "3", '"ls"', "[1]", "{}", " {\n}\n"])("cut by the output limit with no object in it is left out: %s", (json) => {
    expect(mended(json, "max-output")).toEqual([]);
  });

  it("keeps the digits of a long integer in what it repairs", () => {
    expect(mended("{'count': 1234567890123456789}")).toEqual([call('{"count":1234567890123456789}')]);
  });

  it("gives a lone value to the one parameter that is required", () => {
    expect(mended('"ls -la"', "tool-use", "Bash")).toEqual([call('{"command":"ls -la"}', "Bash")]);
    expect(mended('[{"content":"a"},{"content":"b"}]', "tool-use", "TodoWrite")).toEqual([
      call('{"todos":[{"content":"a"},{"content":"b"}]}', "TodoWrite"),
    ]);
    expect(mended('[{"todos":[]}]', "tool-use", "TodoWrite")).toEqual([call('{"todos":[]}', "TodoWrite")]);
    expect(mended("f() { ls; }", "tool-use", "Bash")).toEqual([call('{"command":"f() { ls; }"}', "Bash")]);
    expect(mended("{ cd a; ls; }", "tool-use", "Bash")).toEqual([call('{"command":"{ cd a; ls; }"}', "Bash")]);
    expect(mended('{{"command":"ls"}', "tool-use", "Bash")).toEqual([call('{"command":"ls"}', "Bash")]);
    expect(mended("{command: 'ls'}", "tool-use", "Bash")).toEqual([call('{"command":"ls"}', "Bash")]);
    expect(mended("ls -la", "tool-use", "Bash")).toEqual([call('{"command":"ls -la"}', "Bash")]);
    expect(mended("ls -la\n", "tool-use", "Bash")).toEqual([call('{"command":"ls -la"}', "Bash")]);
    expect(mended("*** A\n+b\n", "tool-use", "Bash")).toEqual([call('{"command":"*** A\\n+b\\n"}', "Bash")]);
    expect(mended("*** A\nb", "tool-use", "Bash")).toEqual([call('{"command":"*** A\\nb"}', "Bash")]);
    expect(mended("git log --format=%h,%s", "tool-use", "Bash")).toEqual([call('{"command":"git log --format=%h,%s"}', "Bash")]);
    expect(mended("# all\nls", "tool-use", "Bash")).toEqual([call('{"command":"# all\\nls"}', "Bash")]);
    expect(mended("a.ts,b.ts", "tool-use", "Read")).toEqual([call('{"paths":["a.ts","b.ts"]}', "Read")]);
    expect(mended("[1, 2]", "tool-use", "Bash")).toEqual([call('{"command":"[1, 2]"}', "Bash")]);
    for (const nothing of ["[]", "null", "[{}]"]) expect(mended(nothing, "tool-use", "Bash")).toEqual([call("{}", "Bash")]);
    expect(mended("30", "tool-use", "Wait")).toEqual([call('{"seconds":30}', "Wait")]);
  });

  it.each(['{"path":"say "so", and "no"."}', '{"path":"echo "a"\n// note "b"","all":true}', "{'path':'it's'}"])(
    "with a quote in a string that may be its end, is not another text or another member: %s",
    (json) => {
      const [part] = mended(json);
      expect(() => JSON.parse(part !== undefined && "arguments" in part ? part.arguments : "")).toThrow();
    },
  );

  it("delivers what cannot be repaired as it is", () => {
    expect(mended("what")).toEqual([call("what")]);
    expect(mended("what, then")).toEqual([call("what, then")]);
    expect(mended('{"path" = ]')).toEqual([call('{"path" = ]')]);
  });

  it.each([
    ["in a string", '{"path":"rm -rf /ho'],
    ["after a value", '{"path":"a"'],
    ["in broken text", "{'path': 'a"],
    ["in an escape", '{"path":"a\\'],
  ])("cut by the output limit or by a filter %s: not made whole", (_, json) => {
    for (const stop of ["max-output", "refusal"] as const) {
      const [part] = mended(json, stop);
      const text = part !== undefined && "arguments" in part ? part.arguments : "";
      expect(text).toBe(json);
      expect(() => JSON.parse(text)).toThrow();
    }
  });

  it("leaves out a call that was cut before its arguments", () => {
    expect(mended("", "max-output")).toEqual([]);
    expect(mended("", "refusal")).toEqual([]);
  });

  it("repairs an incomplete call that another follows, whatever cuts the second", () => {
    const parts = [call('{"path":"a"'), { ...call('{"pa'), id: "b" }];
    expect(walk(stage, { parts, stop: "max-output" }).parts).toEqual([call('{"path":"a"}'), { ...call('{"pa'), id: "b" }]);
  });

  it("puts out what it holds before a failure, and nothing after", () => {
    const input = events({ parts: [call("{'a': 1")], stop: "tool-use" }).slice(0, -2);
    const out = runStage(stage(), [...input, { type: "failure", failure: { kind: "cut-off", message: "gone", origin: "provider" } }]);
    expect(fold(out).parts).toEqual([call("{'a': 1")]);
    expect(out.at(-1)?.type).toBe("failure");
  });

  it("passes any JSON object untouched, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }),
        fc.nat(3),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (value, indent, sizes) => {
          const json = JSON.stringify(value, null, indent);
          expect(
            fold(
              runStage(
                stage(),
                events({ parts: [call(json)], stop: "tool-use" }, (text) => pieces(text, sizes)),
              ),
            ).parts,
          ).toEqual([call(json)]);
        },
      ),
    );
  });

  it("never sends what a repair would have to take back", () => {
    const odd = fc.string({ unit: fc.constantFrom("{", "}", "[", "]", '"', "'", ",", ":", "\\", "a", "1", " ", "\n", "u", "-", "true") });
    fc.assert(
      fc.property(odd, fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1 }), (json, sizes) => {
        const whole = fold(runStage(stage(), events({ parts: [call(json)], stop: "tool-use" })));
        expect(
          fold(
            runStage(
              stage(),
              events({ parts: [call(json)], stop: "tool-use" }, (text) => pieces(text, sizes)),
            ),
          ),
        ).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it("sends valid text at once", () => {
    const live = stage();
    live.push({ type: "reply-start", id: "r" });
    live.push({ type: "tool-start", id: "a", name: "Edit" });
    expect(live.push({ type: "tool-delta", json: '{"path":"some' })).toEqual([
      { type: "tool-start", id: "a", name: "Edit" },
      { type: "tool-delta", json: '{"path":"some' },
    ]);
    expect(live.push({ type: "tool-delta", json: "thing" })).toEqual([{ type: "tool-delta", json: "thing" }]);
  });
});
