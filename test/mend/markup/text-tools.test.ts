import { describe, expect, it } from "vitest";
import { knownTools } from "../../../src/mend/known-tools.ts";
import { textTools } from "../../../src/mend/markup/text-tools.ts";
import type { FunctionTool } from "../../../src/model/request.ts";
import { growth, notItsSquare } from "../../support/growth.ts";
import { numbered, type Part, tool, walk } from "../walk.ts";

const offered = [
  tool("Read", {
    file_path: { type: "string" },
    limit: { type: "integer" },
    all: { type: "boolean" },
    lines: { type: "array", items: {} },
  }),
  tool("Bash", { command: { type: "string" } }),
];
const tools = knownTools(new Map<string, FunctionTool>(offered.map((one) => [one.name, one])));
const stage = () => numbered(textTools(tools, () => false));

const read = (value: unknown = { file_path: "a" }, id = "call_1"): Part => ({ call: "Read", arguments: JSON.stringify(value), id });
const bash = (command: string, id = "call_2"): Part => ({ call: "Bash", arguments: JSON.stringify({ command }), id });

const table: readonly (readonly [name: string, text: string, parts: readonly Part[]])[] = [
  ["Hermes", '<tool_call>\n{"name": "Read", "arguments": {"file_path": "a"}}\n</tool_call>', [read()]],
  [
    "Hermes, two calls",
    '<tool_call>{"name":"Read","arguments":{"file_path":"a"}}</tool_call>\n<tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call>',
    [read(), bash("ls")],
  ],
  [
    "Hermes, text around",
    'I look.\n\n<tool_call>{"name":"Read","arguments":{"file_path":"a"}}</tool_call>\nThen.',
    [{ text: "I look." }, read(), { text: "Then." }],
  ],
  ...[
    '````md\n```\n<tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call>\n```\n````',
    '~~~~\n~~~\n<tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call>\n~~~~',
    '```\n```json\n<tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call>\n```',
  ].map((text): readonly [string, string, readonly Part[]] => [`in a fence that holds another: ${text.slice(0, 9)}`, text, [{ text }]]),
  [
    "behind a fence that a longer run closes",
    '```\nx\n````\r\n<tool_call>{"name":"Bash","arguments":{"command":"ls"}}</tool_call>',
    [{ text: "```\nx\n````" }, bash("ls", "call_1")],
  ],
  [
    "Hermes, backslashes that escape nothing",
    '<tool_call>{"name":"Bash","arguments":{"command":"grep \\d\\s C:\\users \\$HOME \\\n | a\\n"}}</tool_call>',
    [bash("grep \\d\\s C:\\users \\$HOME \\\n | a\n", "call_1")],
  ],
  ["Python, backslashes that escape nothing", "[Bash(command='echo \\'\\d\\'')]", [bash("echo '\\d'", "call_1")]],
  [
    "Hermes, names escaped as in Markdown",
    '<tool_call>{"name":"Read","arguments":{"file\\_path":"a\\_b"}}</tool_call>',
    [read({ file_path: "a_b" })],
  ],
  [
    "GLM, tags between two calls spoken of in a value",
    "<tool_call>Bash<arg_key>command</arg_key><arg_value>grep '</tool_call>\n<tool_call> x' f</arg_value></tool_call>",
    [bash("grep '</tool_call>\n<tool_call> x' f", "call_1")],
  ],
  [
    "MiniCPM, its own tags inside CDATA",
    '<function name="Bash"><param name="command"><![CDATA[echo \'<param name="a">x</param>\']]></param></function>',
    [bash("echo '<param name=\"a\">x</param>'", "call_1")],
  ],
  [
    "MiniCPM, its own end inside CDATA",
    '<function name="Bash"><param name="command"><![CDATA[echo "</param></function>"; ls]]></param></function> So.',
    [bash('echo "</param></function>"; ls', "call_1"), { text: "So." }],
  ],
  [
    "MiniCPM, CDATA without an end",
    '<function name="Bash"><param name="command"><![CDATA[ls</param></function>',
    [bash("<![CDATA[ls", "call_1")],
  ],
  [
    "MiniCPM, words behind a call that only mentions CDATA",
    '<function name="Bash"><param name="command">grep "<![CDATA[" f</param></function>\nNow the file.',
    [bash('grep "<![CDATA[" f', "call_1"), { text: "Now the file." }],
  ],
  [
    "MiniCPM, a call behind one that only mentions CDATA and its own tags",
    '<function name="Bash"><param name="command">grep "<![CDATA[" f; echo </function> x</param></function>\n<function name="Bash"><param name="command">ls</param></function>\nDone.',
    [bash('grep "<![CDATA[" f; echo </function> x', "call_1"), bash("ls", "call_2"), { text: "Done." }],
  ],
  [
    "MiniCPM, its own tags in a value without CDATA",
    '<function name="Bash"><param name="command">grep "<param x" f; echo </function> </param> | cat</param></function>',
    [bash('grep "<param x" f; echo </function> </param> | cat', "call_1")],
  ],
  [
    "Hermes, its tag spoken of before",
    'By the <tool_call> tag: <tool_call>{"name":"Read","arguments":{"file_path":"a"}}</tool_call> so',
    [{ text: "By the <tool_call> tag:" }, read(), { text: "so" }],
  ],
  [
    "Mistral, its token spoken of before",
    'By [TOOL_CALLS]:\n[TOOL_CALLS]Read[ARGS]{"file_path": "a"}',
    [{ text: "By [TOOL_CALLS]:" }, read()],
  ],
  [
    "Hermes, its opening tag inside a value",
    '<tool_call>{"name":"Bash","arguments":{"command":"grep <tool_call> f"}}</tool_call>',
    [bash("grep <tool_call> f", "call_1")],
  ],
  [
    "Seed, a value that ends with a newline",
    "<seed:tool_call><function=Bash><parameter=command>a\nb\n</parameter></function></seed:tool_call>",
    [bash("a\nb\n", "call_1")],
  ],
  [
    "MiniMax, another model's tag inside a value",
    '<minimax:tool_call><invoke name="Bash"><parameter name="command">grep "<parameter=x>" f</parameter></invoke></minimax:tool_call>',
    [bash('grep "<parameter=x>" f', "call_1")],
  ],
  ["Hermes without its closing tag", '<tool_call>\n{"name":"Read","arguments":{"file_path":"a"}}', [read()]],
  ["Hermes, arguments as a string", '<tool_call>{"name":"Read","arguments":"{\\"file_path\\":\\"a\\"}"}</tool_call>', [read()]],
  [
    "Hermes, a closing tag inside a value",
    '<tool_call>{"name":"Bash","arguments":{"command":"echo </tool_call> x"}}</tool_call>',
    [bash("echo </tool_call> x", "call_1")],
  ],
  [
    "Hermes, cut inside a string",
    'Now <tool_call>{"name":"Bash","arguments":{"command":"rm -rf /ho',
    [{ text: 'Now <tool_call>{"name":"Bash","arguments":{"command":"rm -rf /ho' }],
  ],
  ...[
    "<tool_call>\n<function=Bash>\n<parameter=command>\nrm -rf /ho",
    "<tool_call>Bash\n<arg_key>command</arg_key>\n<arg_value>rm -rf /ho",
    '<function_calls><invoke name="Bash"><parameter name="command">rm -rf /ho',
    '<minimax:tool_call><invoke name="Bash"><parameter name="command">rm -rf /ho',
    '<｜DSML｜tool_calls><｜DSML｜invoke name="Bash">{"command":"rm -rf /ho',
    '<|tool_call_begin|>functions.Bash:0<|tool_call_argument_begin|>{"command": "rm -rf /ho',
    '[TOOL_CALLS]Bash[ARGS]{"command": "rm -rf /ho',
    '<|python_tag|>{"name": "Bash", "parameters": {"command": "rm -rf /ho',
    "<start_function_call>call:Bash{command:<escape>rm -rf /ho",
  ].map((text): readonly [string, string, readonly Part[]] => [`a value that was cut stays text: ${text.slice(0, 20)}`, text, [{ text }]]),
  ["Hermes, a brace forgotten", '<tool_call>{"name":"Read","arguments":{"file_path":"a"}\n</tool_call>', [read()]],
  [
    "Qwen3-Coder",
    "<tool_call>\n<function=Read>\n<parameter=file_path>\n123\n</parameter>\n<parameter=limit>\n5\n</parameter>\n<parameter=all>\nTrue\n</parameter>\n</function>\n</tool_call>",
    [read({ file_path: "123", limit: 5, all: true })],
  ],
  [
    "Qwen3-Coder without the outer tag",
    "<function=Bash>\n<parameter=command>\nls\n-l\n</parameter>\n</function>\n</tool_call>",
    [bash("ls\n-l", "call_1")],
  ],
  [
    "GLM",
    "<tool_call>Read\n<arg_key>file_path</arg_key>\n<arg_value>a</arg_value>\n<arg_key>lines</arg_key>\n<arg_value>[1, 2]</arg_value>\n</tool_call>",
    [read({ file_path: "a", lines: [1, 2] })],
  ],
  [
    "GLM, a value without its end",
    "<tool_call>Bash\n<arg_key>command</arg_key>\n<arg_value>ls</tool_call>\n<tool_call>Read<arg_key>file_path</arg_key><arg_value>a</tool_call>",
    [bash("ls", "call_1"), read({ file_path: "a" }, "call_2")],
  ],
  ["Hermes, opened twice", '<tool_call>\n<tool_call>\n{"name":"Read","arguments":{"file_path":"a"}}\n</tool_call>\n</tool_call>', [read()]],
  [
    "Qwen3-Coder, its tags in a value",
    "<tool_call>\n<function=Bash>\n<parameter=command>\necho '<parameter=x>' '<function=y>'\n</parameter>\n</function>\n</tool_call>",
    [bash("echo '<parameter=x>' '<function=y>'", "call_1")],
  ],
  [
    "DeepSeek's last token behind a call",
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>Read<｜tool▁sep｜>{"file_path": "a"}<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>',
    [read()],
  ],
  [
    "Kimi without its section, and text behind it",
    'So <|tool_call_begin|>functions.Read:0<|tool_call_argument_begin|>{"file_path":"a"}<|tool_call_end|> then',
    [{ text: "So" }, read({ file_path: "a" }, "functions.Read:0"), { text: "then" }],
  ],
  ["DeepSeek's section without calls", "So.<｜tool▁calls▁begin｜><｜tool▁calls▁end｜>", [{ text: "So." }]],
  [
    "DeepSeek, its tokens in a value",
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>Read<｜tool▁sep｜>{"file_path": "<｜User｜>"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    [read({ file_path: "<｜User｜>" })],
  ],
  ["Kimi's section without calls", "So.<|tool_calls_section_begin|><|tool_calls_section_end|>", [{ text: "So." }]],
  [
    "Qwen3-Coder, the first call's tag left open",
    "<tool_call>\n<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>\n<tool_call>\n<function=Read>\n<parameter=file_path>\na\n</parameter>\n</function>\n</tool_call>",
    [bash("ls", "call_1"), read({ file_path: "a" }, "call_2")],
  ],
  [
    "Qwen3-Coder, indented",
    "<tool_call>\n  <function=Bash>\n    <parameter=command>\n  ls\n    </parameter>\n  </function>\n</tool_call>",
    [bash("  ls", "call_1")],
  ],
  [
    "Hermes, a string of Python's",
    '<tool_call>{"name":"Bash","arguments":{"command":"""echo "a"\n\\\\d"""}}</tool_call>',
    [bash('echo "a"\n\\d', "call_1")],
  ],
  ["Hermes, two braces forgotten", '<tool_call>{"name":"Read","arguments":{"file_path":"a"\n</tool_call>', [read()]],
  ["Laguna", '<tool_call>Bash\n{"command": "echo </tool_call>"}</tool_call> so', [bash("echo </tool_call>", "call_1"), { text: "so" }]],
  ...[
    "<tool_call>Bash\n<arg_key>command</arg_key>\n<arg_value>VALUE</arg_value>\n</tool_call>",
    '<minimax:tool_call>\n<invoke name="Bash">\n<parameter name="command">VALUE</parameter>\n</invoke>\n</minimax:tool_call>',
  ].flatMap((text) =>
    [
      ["    if x:\n        return\n", "    if x:\n        return\n"],
      ["\n  so", "\n  so"],
      ["\nls\n", "ls"],
    ].map(([value = "", read = ""]): readonly [string, string, readonly Part[]] => [
      `white space at a value's ends: ${text.slice(0, 9)}, ${JSON.stringify(value)}`,
      text.replace("VALUE", value),
      [bash(read, "call_1")],
    ]),
  ),
  [
    "DSML, newlines at a string's ends",
    '<｜DSML｜invoke name="Bash">\n<｜DSML｜parameter name="command" string="true">\nls\n</｜DSML｜parameter>\n</｜DSML｜invoke>',
    [bash("\nls\n", "call_1")],
  ],
  ["DeepSeek in ASCII, no section", '<|tool_call_begin|>Read<|tool_sep|>{"file_path":"a"}<|tool_call_end|>', [read()]],
  [
    "Kimi, no arguments",
    "<|tool_call_begin|>functions.Read:0<|tool_call_argument_begin|><|tool_call_end|>",
    [read({}, "functions.Read:0")],
  ],
  ["arguments that are nothing", '<tool_call>{"function": {"name": "Read", "arguments": ""}}</tool_call>', [read({})]],
  ["Llama, python tag", '<|python_tag|>{"name": "Read", "parameters": {"file_path": "a"}}', [read()]],
  ["Llama, a built-in tool", '<|python_tag|>Read.call(file_path="a")', [read()]],
  ["Llama, two built-in tools", '<|python_tag|>Read.call(file_path="a"); Bash.call(command="ls")', [read(), bash("ls")]],
  ["Llama, bare object", '{"name": "Read", "parameters": {"file_path": "a"}}', [read()]],
  [
    "Llama, bare objects with a semicolon",
    '{"name":"Read","parameters":{"file_path":"a"}}; {"name":"Bash","parameters":{"command":"ls"}}',
    [read(), bash("ls")],
  ],
  ["Llama, function tag", '<function=Read>{"file_path": "a"}</function>', [read()]],
  ["Mistral, list", '[TOOL_CALLS][{"name": "Read", "arguments": {"file_path": "a"}}]', [read()]],
  ["Mistral, by name", '[TOOL_CALLS]Read[ARGS]{"file_path": "a"}[TOOL_CALLS]Bash{"command":"ls"}', [read(), bash("ls")]],
  ["Mistral, the name before the marker", 'I look.\nread[TOOL_CALLS]{"file_path": "a"}', [{ text: "I look.\nread" }, read()]],
  [
    "Mistral, the name before the marker, and another call",
    'Read[TOOL_CALLS][ARGS]{"file_path": "a"}[TOOL_CALLS]Bash[ARGS]{"command":"ls"}so',
    [{ text: "Read" }, read(), bash("ls"), { text: "so" }],
  ],
  [
    "Mistral, each name before its marker",
    'Read[TOOL_CALLS]{"file_path": "a"}Bash[TOOL_CALLS]{"command":"ls"}',
    [{ text: "Read" }, read(), bash("ls")],
  ],
  ["Mistral, with an id", '[TOOL_CALLS]Read[CALL_ID]abcdefghi[ARGS]{"file_path": "a"}', [read({ file_path: "a" }, "abcdefghi")]],
  [
    "DeepSeek V3",
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>Read\n```json\n{"file_path": "a"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    [read()],
  ],
  [
    "DeepSeek V3.1",
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>Read<｜tool▁sep｜>{"file_path": "a"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    [read()],
  ],
  [
    "DSML",
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="Read">\n<｜DSML｜parameter name="file_path" string="true">1</｜DSML｜parameter>\n<｜DSML｜parameter name="limit" string="false">5</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    [read({ file_path: "1", limit: 5 })],
  ],
  [
    "DSML with ASCII bars",
    '<|DSML|tool_calls><|DSML|invoke name="Bash"><|DSML|parameter name="command" string="true">ls</|DSML|parameter></|DSML|invoke></|DSML|tool_calls>',
    [bash("ls", "call_1")],
  ],
  [
    "DSML with doubled bars",
    '<｜｜DSML｜｜tool_calls>\n<｜｜DSML｜｜invoke name="Bash">\n<｜｜DSML｜｜parameter name="command" string="true">ls</｜｜DSML｜｜parameter>\n</｜｜DSML｜｜invoke>\n</｜｜DSML｜｜tool_calls>',
    [bash("ls", "call_1")],
  ],
  [
    "DSML, JSON in the place of parameters",
    '<｜DSML｜ calls>\n<｜DSML｜ invoke name="Bash">{"command":"ls </｜DSML｜ invoke>"}</｜DSML｜ invoke>\n</｜DSML｜ calls>',
    [bash("ls </｜DSML｜ invoke>", "call_1")],
  ],
  [
    "DSML as DeepSeek V4.1 spaces it",
    'so\n\n<｜DSML｜ calls>\n<｜DSML｜ invoke name="Read">\n<｜DSML｜ parameter name="file_path" string="true">a</｜DSML｜ parameter>\n<｜DSML｜ parameter name="limit" string="false">5</｜DSML｜ parameter>\n</｜DSML｜ invoke>\n<｜DSML｜ invoke name="Bash">\n<｜DSML｜ parameter name="command" string="true">ls</｜DSML｜ parameter>\n</｜DSML｜ invoke>\n</｜DSML｜ calls>',
    [{ text: "so" }, read({ file_path: "a", limit: 5 }), bash("ls")],
  ],
  [
    "DSML with spaces, without its outer tag",
    '<｜DSML｜ invoke name="Bash"><｜DSML｜ parameter name="command" string="true">ls </｜DSML｜ invoke></｜DSML｜ parameter></｜DSML｜ invoke>\n</｜DSML｜ calls>',
    [bash("ls </｜DSML｜ invoke>", "call_1")],
  ],
  [
    "GigaChat 3.5",
    '<｜GCML｜tool_calls>\n<｜GCML｜invoke name="Read">\n<｜GCML｜parameter name="limit" string="false">5</｜GCML｜parameter>\n</｜GCML｜invoke>\n</｜GCML｜tool_calls>',
    [read({ limit: 5 })],
  ],
  [
    "DSML without its outer tag",
    'so\n\n<｜DSML｜invoke name="Bash">\n<｜DSML｜parameter name="command" string="true">ls </｜DSML｜invoke></｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>',
    [{ text: "so" }, bash("ls </｜DSML｜invoke>", "call_1")],
  ],
  [
    "DSML, XML with the same names in a value",
    '<｜DSML｜tool_calls><｜DSML｜invoke name="Bash"><｜DSML｜parameter name="command" string="true"><invoke name="x"><parameter name="y">1</parameter></invoke></｜DSML｜parameter></｜DSML｜invoke></｜DSML｜tool_calls>',
    [bash('<invoke name="x"><parameter name="y">1</parameter></invoke>', "call_1")],
  ],
  [
    "DSML, a value that ends with a newline",
    '<｜DSML｜invoke name="Bash"><｜DSML｜parameter name="command" string="true">a\nb\n</｜DSML｜parameter></｜DSML｜invoke>',
    [bash("a\nb\n", "call_1")],
  ],
  [
    "GLM, a value that ends with a newline",
    "<tool_call>Bash<arg_key>command</arg_key><arg_value>a\nb\n</arg_value></tool_call>",
    [bash("a\nb\n", "call_1")],
  ],
  [
    "MiniMax without the closing tag of a value",
    '<minimax:tool_call>\n<invoke name="Bash">\n<parameter name="command">ls\n</invoke>\n</minimax:tool_call>',
    [bash("ls", "call_1")],
  ],
  [
    "MiniMax, a value between newlines",
    '<minimax:tool_call><invoke name="Bash"><parameter name="command">\na\n</parameter></invoke></minimax:tool_call>',
    [bash("a", "call_1")],
  ],
  [
    "Qwen3-Coder, null for what is no string",
    "<function=Read><parameter=file_path>\nnull\n</parameter><parameter=limit>\nnull\n</parameter></function>",
    [read({ file_path: "null", limit: null })],
  ],
  ...[
    '<tool_call>{"name":"Read","arguments":{"file_path":"a","limit":1234567890123456789}}</tool_call>',
    "<tool_call>Read<arg_key>file_path</arg_key><arg_value>a</arg_value><arg_key>limit</arg_key><arg_value>1234567890123456789</arg_value></tool_call>",
  ].map((text): readonly [string, string, readonly Part[]] => [
    `a long integer keeps its digits: ${text.slice(0, 20)}`,
    text,
    [{ call: "Read", arguments: '{"file_path":"a","limit":1234567890123456789}', id: "call_1" }],
  ]),
  ["Hermes, arguments beside the name", '<tool_call>{"id":"1","name":"Read","file_path":"a"}</tool_call>', [read()]],
  ["Hermes without its opening tag", '{"name":"Read","arguments":{"file_path":"a"}}\n</tool_call>', [read()]],
  [
    "DeepSeek V3 and the token that ends its turn",
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>Read\n```json\n{"file_path": "a"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>',
    [read()],
  ],
  [
    "FunctionGemma and the token at which it stops",
    "<start_function_call>call:Read{file_path:<escape>a<escape>}<end_function_call><start_function_response>",
    [read()],
  ],
  ["DSML's stray closers", "done\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>\n", [{ text: "done" }]],
  ["stray closers of DSML with spaces", "done\n</｜DSML｜ invoke>\n</｜DSML｜ calls>\n", [{ text: "done" }]],
  ["DSML's stray closer inside text", "done\n</｜DSML｜tool_calls>\nso", [{ text: "done\n\nso" }]],
  [
    "Kimi",
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.Read:0<|tool_call_argument_begin|>{"file_path":"a"}<|tool_call_end|><|tool_calls_section_end|>',
    [read({ file_path: "a" }, "functions.Read:0")],
  ],
  [
    "Kimi, its section misspelt",
    '<|tool_call_section_begin|><|tool_call_begin|>functions.Read:0<|tool_call_argument_begin|>{"file_path":"a"}<|tool_call_end|><|tool_call_section_end|>',
    [read({ file_path: "a" }, "functions.Read:0")],
  ],
  [
    "MiniMax",
    '<minimax:tool_call>\n<invoke name="Bash">\n<parameter name="command">ls</parameter>\n</invoke>\n</minimax:tool_call>',
    [bash("ls", "call_1")],
  ],
  [
    "Anthropic's old form",
    '<function_calls>\n<invoke name="Read">\n<parameter name="limit">3</parameter>\n</invoke>\n</function_calls>',
    [read({ limit: 3 })],
  ],
  [
    "Claude's own tags",
    '<function_calls>\n<invoke name="Read">\n<parameter name="limit">3</parameter>\n</invoke>\n</function_calls>'.replace(
      /<(\/?)/g,
      "<$1antml:",
    ),
    [read({ limit: 3 })],
  ],
  ["Olmo", '<function_calls>\nRead(file_path="a")\nBash(command="ls")\n</function_calls>', [read(), bash("ls")]],
  ["invoke alone", '<invoke name="Bash">\n<parameter name="command">ls</parameter>\n</invoke>', [bash("ls", "call_1")]],
  ["Gemma 3", '```tool_code\nprint(default_api.Read(file_path="a", limit=2))\n```', [read({ file_path: "a", limit: 2 })]],
  [
    "Gemma 3, brackets",
    '```tool_code\nRead(file_path="a(,", limit=[1, {"b": 2}])\n```',
    [read({ file_path: "a(,", limit: [1, { b: 2 }] })],
  ],
  [
    "FunctionGemma",
    "<start_function_call>call:Read{file_path:<escape>a{b}<escape>,limit:3}<end_function_call>",
    [read({ file_path: "a{b}", limit: 3 })],
  ],
  ["Gemma 4", '<|tool_call>call:Read{file_path:<|"|>a<|"|>,all:true}<tool_call|>', [read({ file_path: "a", all: true })]],
  ["Gemma 4, closed by the turn's end", '<|tool_call>call:Bash{command:<|"|>ls<|"|>}<turn|>', [bash("ls", "call_1")]],
  ["Gemma 4, and the token of a result", '<|tool_call>call:Bash{command:<|"|>ls<|"|>}<tool_call|><|tool_response>', [bash("ls", "call_1")]],
  ["Gemma 4, a colon before it", '<|tool_call>:call:Bash{command:<|"|>ls<|"|>}<tool_call|>', [bash("ls", "call_1")]],
  ["Gemma 4 without the word before the name", '<|tool_call>:Bash{command:<|"|>ls<|"|>}<tool_call|>', [bash("ls", "call_1")]],
  [
    "Gemma 4, the name at once, and another call",
    '<|tool_call>Bash{command:<|"|>ls<|"|>}<tool_call|><|tool_call>:Read{limit:3}<tool_call|>',
    [bash("ls", "call_1"), read({ limit: 3 }, "call_2")],
  ],
  ["Gemma 4, round brackets", '<|tool_call>call:Bash(command:<|"|>(ls)<|"|>)<tool_call|>', [bash("(ls)", "call_1")]],
  [
    "Gemma 4, its own quotes behind keywords",
    `<|tool_call>call:Bash(command=<|"|>echo "a='b'"<|"|>)<tool_call|>`,
    [bash(`echo "a='b'"`, "call_1")],
  ],
  ["Gemma 4, keywords in round brackets", '<|tool_call>call:Bash(command="ls")<tool_call|>', [bash("ls", "call_1")]],
  [
    "Gemma 4, what looks like a name in a plain string",
    '<|tool_call>call:Bash{command:"echo a, b: c"}<tool_call|>',
    [bash("echo a, b: c", "call_1")],
  ],
  [
    "Gemma 4, a string without its end",
    '<|tool_call>call:Read{file_path:<|"|>a<|"|>,lines:[],limit:3,x:<|"|>ls}<tool_call|>',
    [read({ file_path: "a", lines: [], limit: 3, x: "ls" })],
  ],
  [
    "Gemma 4, a quote behind another one",
    `<|tool_call>call:Read{file_path:':\\s*\\w+'<|"|>,x:<|"|>a<|"|>}<tool_call|>`,
    [read({ file_path: ":\\s*\\w+", x: "a" })],
  ],
  ["Gemma 4, a brace in a string", '<|tool_call>call:Bash{command:<|"|>if x {<|"|>}<tool_call|>', [bash("if x {", "call_1")]],
  ["Gemma 4 without its first token", 'call:Bash{command:<|"|>ls<|"|>}', [bash("ls", "call_1")]],
  ["Phi", '<|tool_calls|>[{"name":"Read","arguments":{"file_path":"a"}}]<|/tool_calls|>', [read()]],
  [
    "Step 3",
    '<｜tool_calls_begin｜><｜tool_call_begin｜>function<｜tool_sep｜>Read\n<steptml:invoke name="Read"><steptml:parameter name="file_path">a\n</steptml:parameter><steptml:parameter name="limit"> 4 </steptml:parameter></steptml:invoke><｜tool_call_end｜><｜tool_sep｜><｜tool_call_begin｜><steptml:invoke name="Bash"></steptml:invoke><｜tool_call_end｜><｜tool_calls_end｜>',
    [read({ file_path: "a\n", limit: 4 }), { call: "Bash", arguments: "{}", id: "call_2" }],
  ],
  ...["\u0120", ""].map((space): readonly [string, string, readonly Part[]] => [
    `MiniCPM 5, its spaces as ${JSON.stringify(space)}`,
    `<function${space}name="Read"><param${space}name="file_path">a</param><param${space}name="all">true</param></function>`,
    [read({ file_path: "a", all: true })],
  ]),
  [
    "MiniCPM 5",
    'So.\n<function name="Read"><param name="file_path"><![CDATA[a\nb]]></param><param name="all">true</param></function>\nThen.',
    [{ text: "So." }, read({ file_path: "a\nb", all: true }), { text: "Then." }],
  ],
  [
    "Solar",
    "<|tool_call:start|>Read\n<|tool_arg:start|>file_path<|tool_arg:value|>a<|tool_arg:end|>\n<|tool_arg:start|>limit<|tool_arg:value|>5<|tool_arg:end|>\n<|tool_call:end|>",
    [read({ file_path: "a", limit: 5 })],
  ],
  [
    "K2 Horizon",
    "So.<ifm|tool_calls>\n<ifm|tool_call>Read\n<ifm|arg_key>file_path</ifm|arg_key>\n<ifm|arg_type>string</ifm|arg_type>\n<ifm|arg_value>{</ifm|tool_call></ifm|arg_value>\n<ifm|arg_key>limit</ifm|arg_key><ifm|arg_value>5</ifm|arg_value>\n</ifm|tool_call>\n<ifm|tool_call>Bash<ifm|arg_key>command</ifm|arg_key><ifm|arg_value>ls</ifm|arg_value></ifm|tool_call>\n</ifm|tool_calls>",
    [{ text: "So." }, read({ file_path: "{</ifm|tool_call>", limit: 5 }), bash("ls")],
  ],
  [
    "K2 Horizon, JSON",
    '<ifm|tool_calls><ifm|tool_call>{"name": "Read", "arguments": {"file_path": "a"}}</ifm|tool_call></ifm|tool_calls>',
    [read()],
  ],
  ["openPangu", '[unused11][{"name": "Read", "arguments": {"file_path": "a"}}][unused12]', [read()]],
  ["Apertus", '<|tools_prefix|>[{"Read": {"file_path": "a"}}, {"Bash": {"command": "ls"}}]<|tools_suffix|>', [read(), bash("ls")]],
  ["GigaChat 3.1", 'So.<|function_call|>{"name": "Read", "arguments": {"file_path": "a"}}</s>', [{ text: "So." }, read()]],
  [
    "GigaChat 3",
    'So.<|message_sep|>\n\nfunction call<|role_sep|>\n{"name": "Read", "arguments": {"file_path": "a"}}',
    [{ text: "So." }, read()],
  ],
  ["Command A's frames", "<|START_RESPONSE|>so<|END_RESPONSE|>", [{ text: "so" }]],
  ["Granite", '<|tool_call|>[{"name":"Read","arguments":{"file_path":"a"}}]', [read()]],
  ["Llama 4 with its tokens", '<|python_start|>[Read(file_path="a"), Bash(command="ls")]<|python_end|>', [read(), bash("ls")]],
  ["Qwen2.5-Coder", 'So: <tools>\n{"name": "Read", "arguments": {"file_path": "a"}}\n</tools>', [{ text: "So:" }, read()]],
  ["Qwen2.5-Coder, cut closer", '<tools> {"name": "Read", "arguments": {"file_path": "a"}} </tool', [read()]],
  ["Qwen2.5-Coder, another tag", '<function>\n{"name": "Read", "arguments": {"file_path": "a"}}\n</function>', [read()]],
  ["Granite 20b", '<function_call> {"name": "Read", "arguments": {"file_path": "a"}}', [read()]],
  [
    "GLM without a value's opening tag",
    "<tool_call>Read<arg_key>file_path</arg_key>a b</arg_value></tool_call>",
    [read({ file_path: "a b" })],
  ],
  ["LM Studio's own format", '[TOOL_REQUEST]{"name":"Read","arguments":{"file_path":"a"}}[END_TOOL_REQUEST]', [read()]],
  ["Nemotron", '<TOOLCALL>[{"name":"Read","arguments":{"file_path":"a"}}]</TOOLCALL>', [read()]],
  ["Command R", 'Action: ```json\n[{"tool_name":"Read","parameters":{"file_path":"a"}}]\n```', [read()]],
  ["Hunyuan, JSON", '<tool_calls>[{"name":"Read","arguments":{"file_path":"a"}}]</tool_calls>', [read()]],
  [
    "Hunyuan, keys and values",
    "<tool_calls>\n<tool_call>Read<tool_sep>\n<arg_key>limit</arg_key>\n<arg_value>3</arg_value>\n</tool_call>\n<tool_call>Bash<tool_sep>\n<arg_key>command</arg_key>\n<arg_value>ls</arg_value>\n</tool_call>\n</tool_calls>",
    [read({ limit: 3 }), bash("ls")],
  ],
  [
    "Hunyuan 4 where its tags bear no mark",
    "<tool_calls>\n<tool_call>Read<arg_key>limit</arg_key><arg_value>3</arg_value></tool_call>\n</tool_calls>",
    [read({ limit: 3 })],
  ],
  [
    "Hunyuan 3",
    "So.\n<tool_calls:opensource>\n<tool_call:opensource>Read<tool_sep:opensource>\n<arg_key:opensource>limit</arg_key:opensource>\n<arg_value:opensource>3</arg_value:opensource>\n</tool_call:opensource>\n<tool_call:opensource>Bash<tool_sep:opensource>\n<arg_key:opensource>command</arg_key:opensource>\n<arg_value:opensource>ls</arg_value:opensource>\n</tool_call:opensource>\n</tool_calls:opensource>",
    [{ text: "So." }, read({ limit: 3 }), bash("ls")],
  ],
  [
    "Hunyuan 4, with tags of others in a value, and text behind",
    "<tool_calls:6124c78e>\n<tool_call:6124c78e>Bash<arg_key:6124c78e>command</arg_key:6124c78e><arg_value:6124c78e>grep '</arg_value></tool_call><arg_key>' f</arg_value:6124c78e></tool_call:6124c78e>\n</tool_calls:6124c78e>\nThen.",
    [bash("grep '</arg_value></tool_call><arg_key>' f", "call_1"), { text: "Then." }],
  ],
  [
    "Hunyuan without its outer tag",
    "<tool_call:6124c78e>Read<arg_key:6124c78e>file_path</arg_key:6124c78e><arg_value:6124c78e>a</arg_value:6124c78e></tool_call:6124c78e>",
    [read()],
  ],
  [
    "Inkling",
    '<|content_text|>So.<|end_message|><|message_model|><|content_invoke_tool_json|>{"name":"Read","args":{"file_path":"a"}}<|end_message|><|content_model_end_sampling|>',
    [{ text: "So." }, read()],
  ],
  [
    "IQuest-Coder",
    "<iquest_tool_call>Read<arg_key>limit</arg_key><arg_value>3</arg_value></iquest_tool_call>\n<iquest_tool_call>Bash<arg_key>command</arg_key><arg_value>ls</iquest_tool_call></arg_value></iquest_tool_call>",
    [read({ limit: 3 }), bash("ls</iquest_tool_call>")],
  ],
  [
    "dots",
    '<dots_function_call>\n<invoke name="Read">\n<parameter name="limit">3</parameter>\n</invoke>\n<invoke name="Bash">\n<parameter name="command">ls</parameter>\n</invoke>\n</dots_function_call>',
    [read({ limit: 3 }), bash("ls")],
  ],
  ["dots, JSON", '<dots_function_call>{"name":"Read","arguments":{"file_path":"a"}}</dots_function_call>', [read()]],
  ["LongCat", '<longcat_tool_call>\n{"name":"Read","arguments":{"file_path":"a"}}\n</longcat_tool_call>', [read()]],
  ["Llama 4", '[Read(file_path="a"), Bash(command="ls")]', [read(), bash("ls")]],
  ["LFM2 without its first token", '[Read(file_path="a")]<|tool_call_end|>', [read()]],
  ["Hermes without its first tag", '{"name":"Read","arguments":{"file_path":"a"}}\n</tool_call>\n', [read()]],
  [
    "Llama 3, the token in an argument, between braces",
    '<|python_tag|>{"name":"Bash","parameters":{"command":"echo } <|python_tag|> {"}}',
    [bash("echo } <|python_tag|> {", "call_1")],
  ],
  [
    "Llama 3, the token before each call",
    '<|python_tag|>{"name":"Read","parameters":{"file_path":"a"}}<|python_tag|>{"name":"Bash","parameters":{"command":"ls"}}',
    [read(), bash("ls")],
  ],
  ...["toolcalls", "tool"].map((name): (typeof table)[number] => [
    `DeepSeek V4, "${name}" for its outer tag`,
    `So.\n<｜DSML｜${name}>\n<｜DSML｜invoke name="Read">\n<｜DSML｜parameter name="file_path" string="true">a</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>`,
    [{ text: "So." }, read()],
  ]),
  ["LFM2", '<|tool_call_start|>[Read(file_path="a")]<|tool_call_end|>', [read()]],
  [
    "LFM2, quotes in a string in the same quotes",
    "<|tool_call_start|>[Bash(command='sed -n '1,9p' a'), Bash(command='grep '$x' b')]<|tool_call_end|>",
    [bash("sed -n '1,9p' a", "call_1"), bash("grep '$x' b")],
  ],
  [
    "LFM2, such quotes before what looks like an argument",
    "<|tool_call_start|>[Bash(command='python3 -c \"f('a', b=1)\"')]<|tool_call_end|>",
    [bash("python3 -c \"f('a', b=1)\"", "call_1")],
  ],
  [
    "LFM2, strings in three quotes, and three quotes in a string",
    `<|tool_call_start|>[Bash(command="""a "q" b"""), Bash(command='python3 -c """x"""')]<|tool_call_end|>`,
    [bash('a "q" b', "call_1"), bash('python3 -c """x"""')],
  ],
  [
    "LFM2, such quotes in calls on lines of their own",
    `<|tool_call_start|>Bash(command="echo "a"")\nBash(command="echo "b"")<|tool_call_end|>`,
    [bash('echo "a"', "call_1"), bash('echo "b"')],
  ],
  ["Gemma 3, a value that a function makes", '```tool_code\nRead(file_path=Path("a"))\n```', [read()]],
  [
    "LFM2, a tuple and a set",
    "<|tool_call_start|>[Read(lines=('a', 'b'), limit=(3)), Read(lines={'a'}, x={'b': ()})]<|tool_call_end|>",
    [read({ lines: ["a", "b"], limit: 3 }), read({ lines: ["a"], x: { b: [] } }, "call_2")],
  ],
  [
    "PLaMo 3",
    `<|plamo:begin_tool_requests:plamo|>${[
      ["Read", '{"file_path":"<|plamo:end_tool_requests:plamo|>"}'],
      ["Bash", '{"command":"ls"}'],
    ]
      .map(
        ([name, json]) =>
          `<|plamo:begin_tool_request:plamo|><|plamo:begin_tool_name:plamo|>${name}<|plamo:end_tool_name:plamo|><|plamo:begin_tool_arguments:plamo|><|plamo:constrain|>json<|plamo:msg|>${json}<|plamo:end_tool_arguments:plamo|><|plamo:end_tool_request:plamo|>`,
      )
      .join("")}<|plamo:end_tool_requests:plamo|>`,
    [read({ file_path: "<|plamo:end_tool_requests:plamo|>" }), bash("ls")],
  ],
  ...[
    [
      "Kimi",
      `<|tool_calls_section_begin|>${[
        ["Read:0", '{"file_path":"a"}'],
        ["Nope:1", '{"x":1}'],
      ]
        .map(([name, json]) => `<|tool_call_begin|>functions.${name}<|tool_call_argument_begin|>${json}<|tool_call_end|>`)
        .join("")}<|tool_calls_section_end|>`,
      [read({ file_path: "a" }, "functions.Read:0"), { call: "Nope", arguments: '{"x":1}', id: "functions.Nope:1" }],
    ] as const,
    [
      "MiniMax",
      '<minimax:tool_call><invoke name="Nope"><parameter name="x">1</parameter></invoke><invoke name="Read"><parameter name="file_path">a</parameter></invoke></minimax:tool_call>',
      [{ call: "Nope", arguments: '{"x":1}', id: "call_1" }, read({ file_path: "a" }, "call_2")],
    ] as const,
  ].map(([family, text, parts]) => [`a name that no tool has, beside one: ${family}`, text, parts] as const),
  [
    "a call without a name, beside one that has it",
    '[TOOL_CALLS][{"name":"Read","arguments":{"file_path":"a"}},{"name":"functions.","arguments":{}},{"name":"","arguments":{}}]',
    [read()],
  ],
  ["another case of the name", '<tool_call>{"name":"functions.read","arguments":{"file_path":"a"}}</tool_call>', [read()]],
  ...[
    ["a string that may end at two of the quotes in it", "<|tool_call_start|>[Bash(command='echo 'a', limit='b', x='c')]<|tool_call_end|>"],
    ["an unknown tool", '<tool_call>{"name":"Nope","arguments":{}}</tool_call>'],
    [
      "a call quoted in one of an unknown tool",
      '<tool_call>{"name":"Nope","arguments":{"text":"<tool_call>{\\"name\\":\\"Bash\\",\\"arguments\\":{}}"}}</tool_call>',
    ],
    ["an example in a fence", 'Like this:\n```\n<tool_call>{"name":"Read","arguments":{"file_path":"a"}}</tool_call>\n```\n'],
    ["an example in inline code", 'Write `<tool_call>{"name":"Read","arguments":{}}</tool_call>` then.'],
    ["a fenced bare object", '```json\n{"name":"Read","arguments":{"file_path":"a"}}\n```'],
    [
      "a call whose text ends at a quote in it, perhaps",
      '<tool_call>{"name":"Bash","arguments":{"command":"python - <<X\nprint("hi")\nX"}}</tool_call>',
    ],
    [
      "a call in the file that a call writes",
      '<tool_call>{"name":"Nope","arguments":{"content":"So:\\n<tool_call>{\\"name\\":\\"Read\\",\\"arguments\\":{\\"file_path\\":\\"a\\"}}</tool_call>"}}</tool_call>',
    ],
    [
      "a call in the file that a call in other tags writes",
      "<tool_call>Nope<arg_key>content</arg_key><arg_value><tool_call>Read</tool_call>",
    ],
    ["Mistral's marker behind what is no tool", 'so[TOOL_CALLS]{"file_path": "a"}'],
    ["markup that is not a call", "<tool_call> is the tag that models use"],
    ["a misspelt tag of DSML that is spoken of", "It begins with <｜DSML｜toolcalls> and parameters follow."],
    ["DSML that is spoken of", 'The <｜DSML｜invoke name="Read"> tag begins a call.'],
    ["a tag that is spoken of", 'The <invoke name="Read"> tag begins a call.'],
    ["tags that are spoken of", 'It begins with <invoke name="Read"> and ends with </invoke> there.'],
    ["a tag with a name", '<function name="Nope"></function>'],
    ["a tag of XML", "<tools><tool>maven</tool></tools>"],
    ["JSON in a tag of XML", '<tools>\n{"a": 1}\n</tools>'],
    ["an object without arguments", '{"name": "Read", "version": "1"}'],
    ["another object", '{"title": "Read"}'],
    ["a word with a colon", "call: Bash{x}"],
    ["a call of what is no tool", "call:Nope{a:1}"],
    ["a list in brackets", "[x] done, [y] not"],
    ["a list of what is no tool", "[Nope(a=1)] is no call"],
    ["a link", "[Read](https://example.com) it"],
    ["comparisons", "a < b and <b> and <tool"],
    ["words after a bare object", '{"name":"Read","arguments":{}} is how a call looks'],
    ["trailing white space", "done \n\n"],
  ].map(([name = "", text = ""]) => [name, text, [{ text }]] as const),
];

describe("tool calls written as text", () => {
  it.each(table)("%s", (_, text, parts) => {
    expect(walk(stage, { parts: [{ text }], stop: "end" }).parts).toEqual(parts);
  });

  it.each([
    ["in the middle of JSON", '<tool_call>\n{"name": "Read", "arguments": {"file_path": "a'],
    ["before the closing tag of a value", "<function=Bash><parameter=command>rm -rf /tmp/x"],
    ["in the opening tag", "so <tool_ca"],
    ["before the closing tag", '<tool_call>\n{"name": "Read", "arguments": {"file_path": "a"'],
  ])("cut by the output limit or by a filter %s: not run", (_, text) => {
    for (const stop of ["max-output", "refusal"] as const) expect(walk(stage, { parts: [{ text }], stop }).parts).toEqual([{ text }]);
  });

  it("runs a whole call before the cut", () => {
    const text = '<tool_call>{"name":"Read","arguments":{"file_path":"a"}}</tool_call>\n<tool_call>{"na';
    expect(walk(stage, { parts: [{ text }], stop: "max-output" }).parts).toEqual([read(), { text: '<tool_call>{"na' }]);
  });

  it.each([
    "By the <tool_call> tag, one",
    "The [TOOL_CALLS] token is",
    "Mark it as <tool_call:x> there, or",
    "Between <dots_function_call> and its closer",
    "PLaMo's <|plamo:begin_tool_requests:plamo|> is one",
    "IQuest-Coder's <iquest_tool_call> is one, too",
    '<invoke name="x"> begins',
    "<function=x> begins",
  ])("holds no sentence back that names an opener: %s", (text) => {
    const live = stage();
    for (const event of [{ type: "reply-start", id: "r" }, { type: "text-start" }] as const) live.push(event);
    const told = [...text].flatMap((character) => live.push({ type: "text-delta", text: character }));
    expect(told.map((event) => ("text" in event ? event.text : "")).join("")).toBe(text);
  });

  it.each([
    [
      "white space before a value in Python's spelling",
      (size: number) => `<|tool_call_start|>[Bash(command=${" ".repeat(size)})]<|tool_call_end|>`,
    ],
    ["escaped quotes outside of strings, in Gemma's", (size: number) => `<|tool_call>call:Bash{command:${'\\"'.repeat(size)}}<tool_call|>`],
  ])("cost grows with the length, not with its square: %s", { timeout: 120_000 }, (_, write) => {
    const task = (size: number) => void walk(stage, { parts: [{ text: write(size) }], stop: "end" });
    expect(growth(task, 2_000)).toBeLessThan(notItsSquare);
  });

  it("reads no markup that is longer than any model writes: to read it would fill the memory", () => {
    const call = '{"name":"Read","arguments":{"file_path":"a"}},';
    const flood = (size: number) => `[TOOL_CALLS][${call.repeat(size / call.length).slice(0, -1)}]`;
    const told = (chunk: number, text: string) => {
      const live = stage();
      const events = [{ type: "reply-start", id: "r" }, { type: "text-start" }] as const;
      const out = events.flatMap((event) => live.push(event));
      for (let at = 0; at < text.length; at += chunk)
        for (const event of live.push({ type: "text-delta", text: text.slice(at, at + chunk) })) out.push(event);
      out.push(...live.push({ type: "reply-end", stop: { reason: "end" }, usage: {} }));
      return out.map((event) => ("text" in event ? event.text : event.type === "tool-start" ? "call" : "")).join("");
    };
    const long = flood(5 * 1024 * 1024);
    expect(told(65_536, long) === long).toBe(true);
    expect(told(long.length, long) === long).toBe(true);
    const ordinary = '<tool_call>{"name":"Read","arguments":{"file_path":"a"}}</tool_call>';
    expect(told(65_536, `${long} ${ordinary}`) === `${long}call`).toBe(true);
    // Nor does it count what stands behind a call's end.
    expect(told(long.length * 2, `${ordinary} ${long}`).startsWith("call[TOOL_CALLS]")).toBe(true);
  });

  it("has an end where a model writes calls without one", () => {
    const live = stage();
    for (const event of [{ type: "reply-start", id: "r" }, { type: "text-start" }] as const) live.push(event);
    const calls = "<function=Read></function>".repeat(1000);
    const flood = () => {
      for (let count = 0; count <= 100; count += 1) live.push({ type: "text-delta", text: calls });
    };
    expect(flood).toThrow("more than 100000 calls");
  });

  it("leaves markup alone where the reply has structured calls", () => {
    const parts: Part[] = [
      { text: 'so <tool_call>{"name":"Read","arguments":{"file_path":"a"}}</tool_call>' },
      read({ file_path: "a" }, "x"),
    ];
    expect(walk(stage, { parts, stop: "tool-use" }).parts).toEqual(parts);
  });

  it("leaves a section without calls out beside one that the server read", () => {
    const section = "so <|tool_calls_section_begin|><|tool_calls_section_end|>";
    const call = read({ file_path: "a" }, "x");
    expect(walk(stage, { parts: [{ text: section }, call], stop: "tool-use" }).parts).toEqual([{ text: "so" }, call]);
  });

  it("finds DSML inside reasoning, and nothing else there", () => {
    const dsml =
      '<｜DSML｜tool_calls><｜DSML｜invoke name="Bash"><｜DSML｜parameter name="command" string="true">ls</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜tool_calls>';
    const hermes = '<tool_call>{"name":"Read","arguments":{}}</tool_call>';
    expect(walk(stage, { parts: [{ thinking: `so${dsml}`, seal: "s" }], stop: "end" }).parts).toEqual([
      { thinking: "so", seal: "s" },
      bash("ls", "call_1"),
    ]);
    const inner = dsml.replace(/<｜DSML｜tool_calls>/, "");
    expect(walk(stage, { parts: [{ thinking: `so${inner}` }], stop: "end" }).parts).toEqual([{ thinking: "so" }, bash("ls", "call_1")]);
    expect(walk(stage, { parts: [{ thinking: hermes }], stop: "end" }).parts).toEqual([{ thinking: hermes }]);
  });
});
