import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import type { WireName } from "../../src/model/opaque.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { AssistantPart, Request, Tool, Turn, UserPart } from "../../src/model/request.ts";
import { messagesProvider } from "../../src/wire/messages/provider.ts";
import { assistant, calls, countingIds, request, results, system, tool, user } from "./walk.ts";

const context = (quirks: Quirks = {}, wire: WireName = "chat") => ({
  quirks,
  ids: countingIds(),
  wire,
  inputEstimate: () => 100,
});
const mended = (input: Request, quirks: Quirks = {}, wire: WireName = "chat") => mend(input, context(quirks, wire)).request;
const turns = (input: readonly Turn[], quirks: Quirks = {}) => mended(request(input), quirks).turns;

const reminder = (text: string) => `<system-reminder>\n${text}\n</system-reminder>`;
const withText = (turn: Turn, ...texts: readonly string[]): Turn => ({
  role: "user",
  parts: [...(turn.parts as readonly UserPart[]), ...texts.map((text) => ({ type: "text" as const, text }))],
});
const resultWith = (id: string, ...texts: readonly string[]): UserPart => ({
  type: "tool-result",
  id,
  parts: texts.map((text) => ({ type: "text", text })),
  error: false,
});

describe("where turns go", () => {
  it.each<readonly [string, readonly Turn[], readonly Turn[]]>([
    ["instructions alone are what is asked", [system("a"), system("b")], [system("a"), user("b")]],
    ["leading system turns are one prompt", [system("a"), system("b"), user("u")], [system("a", "b"), user("u")]],
    ["a system turn at the end", [user("u"), system("s")], [user("u", reminder("s"))]],
    [
      "a system turn in the middle",
      [user("u"), system("s"), assistant("a"), user("v")],
      [user("u", reminder("s")), assistant("a"), user("v")],
    ],
    ["an empty system turn", [user("u"), { role: "system", parts: [] }, assistant("a")], [user("u"), assistant("a")]],
    ["a system turn after an answer", [user("u"), assistant("a"), system("s")], [user("u"), assistant("a"), user(reminder("s"))]],
    [
      "a system turn after results alone",
      [user("u"), calls("1"), results("1"), system("s")],
      [user("u"), calls("1"), { role: "user", parts: [resultWith("1", "result of 1", reminder("s"))] }],
    ],
    [
      "a system turn after results with words",
      [user("u"), calls("1"), withText(results("1"), "w"), system("s")],
      [user("u"), calls("1"), withText(results("1"), "w", reminder("s"))],
    ],
    [
      "a system turn between a call and its result",
      [user("u"), calls("1"), system("s"), results("1")],
      [user("u"), calls("1"), { role: "user", parts: [resultWith("1", "result of 1", reminder("s"))] }],
    ],
    [
      "words before results",
      [user("u"), calls("1"), { role: "user", parts: [...user("w").parts, ...results("1").parts] as UserPart[] }],
      [user("u"), calls("1"), withText(results("1"), "w")],
    ],
    ["results in another order", [user("u"), calls("1", "2"), results("2", "1")], [user("u"), calls("1", "2"), results("1", "2")]],
    ["results in two turns", [user("u"), calls("1", "2"), results("1"), results("2")], [user("u"), calls("1", "2"), results("1", "2")]],
    [
      "words between two results",
      [user("u"), calls("1", "2"), results("1"), user("w"), results("2")],
      [user("u"), calls("1", "2"), results("1", "2"), user("w")],
    ],
    ["a result that nobody asked for", [user("u"), results("9")], [user("u"), user("Tool result (9): result of 9")]],
    [
      "an error that nobody asked for",
      [user("u"), { role: "user", parts: [{ ...resultWith("9", "boom"), error: true } as UserPart] }],
      [user("u"), user("Tool result (9): Error: boom")],
    ],
    [
      "a call without a result",
      [user("u"), calls("1"), user("w")],
      [user("u"), calls("1"), { role: "user", parts: [resultWith("1", "[no result]"), ...user("w").parts] as UserPart[] }],
    ],
    ["calls at the end", [user("u"), calls("1")], [user("u"), calls("1"), { role: "user", parts: [resultWith("1", "[no result]")] }]],
    ["a second result for a call", [user("u"), calls("1"), results("1", "1")], [user("u"), calls("1"), results("1")]],
    [
      "one id in two turns",
      [user("u"), calls("1"), results("1"), calls("1"), results("1")],
      [user("u"), calls("1"), results("1"), calls("1"), results("1")],
    ],
    ["assistants in a row", [user("u"), assistant("a"), assistant("b")], [user("u"), assistant("a", "\n\nb")]],
    [
      "a call that follows what was said in a turn of its own",
      [user("u"), assistant("a"), calls("1"), results("1")],
      [user("u"), { role: "assistant", parts: [...assistant("a").parts, ...calls("1").parts] as AssistantPart[] }, results("1")],
    ],
    ["users in a row", [user("u"), user("v")], [user("u"), user("v")]],
    ["empty texts", [user("u", ""), assistant(" "), user("v")], [user("u"), user("v")]],
    [
      "an assistant that only thought",
      [user("u"), { role: "assistant", parts: [{ type: "thinking", text: "hm" }] }, user("v")],
      [user("u"), user("v")],
    ],
    [
      "an assistant that only thought, time and again",
      [user("u"), ...["hm", "so"].map((text): Turn => ({ role: "assistant", parts: [{ type: "thinking", text }] })), user("v")],
      [user("u"), user("v")],
    ],
    [
      "an assistant that only thought time and again before it spoke",
      [user("u"), ...["hm", "so"].map((text): Turn => ({ role: "assistant", parts: [{ type: "thinking", text }] })), assistant("a")],
      [
        user("u"),
        {
          role: "assistant",
          parts: [{ type: "thinking", text: "hm" }, { type: "thinking", text: "so" }, ...(assistant("a").parts as AssistantPart[])],
        },
      ],
    ],
  ])("%s", (_, input, expected) => {
    expect(turns(input)).toEqual(expected);
  });

  it("leaves out reasoning that nothing follows, its own maker's too", () => {
    const thought = (wire: "messages" | "responses" | "chat"): AssistantPart => ({
      type: "thinking",
      text: "hm",
      seal: { wire, value: "s" },
    });
    const said = { type: "text", text: "a" } as const;
    const cut = (wire: "messages" | "responses" | "chat", ...parts: AssistantPart[]) =>
      mended(request([user("u"), { role: "assistant", parts: [...parts, thought(wire)] }, user("v")]), {}, wire).turns;
    for (const wire of ["messages", "responses", "chat"] as const) {
      expect(cut(wire)).toEqual([user("u"), user("v")]);
      const begun: Turn = { role: "assistant", parts: [thought(wire)] };
      expect(mended(request([user("u"), begun, assistant("a")]), {}, wire).turns[1]?.parts).toEqual([thought(wire), said]);
    }
    const more: Turn = { role: "assistant", parts: [thought("messages")] };
    const spoke: Turn = { role: "assistant", parts: [said, thought("messages")] };
    expect(mended(request([user("u"), spoke, more, user("v")]), {}, "messages").turns).toEqual([user("u"), assistant("a"), user("v")]);
    expect(cut("messages", thought("messages"), said)).toEqual([
      user("u"),
      { role: "assistant", parts: [thought("messages"), said] },
      user("v"),
    ]);
    // Beside the content of a chat message.
    expect(cut("chat", said)[1]?.parts).toEqual([said, thought("chat")]);
    // The user's turns become neighbours before a template's order is kept.
    const { turns: strict } = mended(
      request([user("u"), calls("1"), results("1"), { role: "assistant", parts: [thought("chat")] }, user("v")]),
      { assistantAfterTool: true },
      "chat",
    );
    expect(strict.slice(2)).toEqual([results("1"), assistant("Done."), user("v")]);
  });

  it("leaves system turns where the template takes them", () => {
    const input = [system("p"), user("u"), system("s"), assistant("a"), user("v"), system("t")];
    expect(turns(input, { systemAnywhere: true })).toEqual(input);
    expect(turns([user("u"), calls("1"), system("s"), results("1")], { systemAnywhere: true })).toEqual([
      user("u"),
      calls("1"),
      results("1"),
      system("s"),
    ]);
  });

  it("alternates for strict templates", () => {
    expect(turns([assistant("a"), user("u"), user("v")], { strictAlternation: true })).toEqual([
      user("Begin."),
      assistant("a"),
      user("u", "v"),
    ]);
    expect(turns([user("u"), calls("1"), withText(results("1"), "w")], { assistantAfterTool: true })).toEqual([
      user("u"),
      calls("1"),
      results("1"),
      assistant("Done."),
      user("w"),
    ]);
  });

  const picture: UserPart = { type: "image", source: { type: "base64", mediaType: "image/png", data: "AAAA" } };
  it("keeps all that a result holds which nobody asked for", () => {
    const orphan = { ...resultWith("9", "one", "", "two"), parts: [{ type: "text", text: "one" }, { type: "text", text: "two" }, picture] };
    expect(turns([user("u"), { role: "user", parts: [orphan as UserPart] }])).toEqual([
      user("u"),
      { role: "user", parts: [{ type: "text", text: "Tool result (9): one\ntwo" }, picture] },
    ]);
  });

  it("begins for a strict template behind the instructions", () => {
    expect(turns([system("p"), assistant("a"), user("u")], { strictAlternation: true })).toEqual([
      system("p"),
      user("Begin."),
      assistant("a"),
      user("u"),
    ]);
  });

  it("stands an answer between results and the user, and nowhere else", () => {
    const strict = (...list: readonly Turn[]) => turns([user("u"), calls("1"), ...list], { assistantAfterTool: true }).slice(2);
    expect(strict(results("1"), user("v"))).toEqual([results("1"), assistant("Done."), user("v")]);
    expect(strict(results("1"), assistant("a"))).toEqual([results("1"), assistant("a")]);
    expect(strict(results("1"))).toEqual([results("1")]);
    const seen = { ...resultWith("1"), parts: [{ type: "text", text: "seen" }, picture] } as UserPart;
    expect(
      turns([user("u"), calls("1"), { role: "user", parts: [seen] }], { assistantAfterTool: true, toolImages: false }).slice(2),
    ).toEqual([
      { role: "user", parts: [resultWith("1", "seen", "[image below]")] },
      assistant("Done."),
      { role: "user", parts: [picture] },
    ]);
    expect(
      turns([user("u"), calls("1"), { role: "user", parts: [seen] }], { assistantAfterTool: true, toolImages: true }).slice(2),
    ).toEqual([{ role: "user", parts: [seen] }]);
  });

  it("keeps what the user says after the last of calls that got turns of their own", () => {
    expect(turns([user("u"), calls("1", "2"), withText(results("1", "2"), "w")], { singleCalls: true }).slice(1)).toEqual([
      calls("1"),
      results("1"),
      calls("2"),
      withText(results("2"), "w"),
    ]);
  });

  it("makes a turn of each call for a template that takes one in a turn", () => {
    const said: Turn = { role: "assistant", parts: [...assistant("a").parts, ...calls("1", "2", "3").parts] as AssistantPart[] };
    const input = [user("u"), said, results("2", "1", "3"), system("s"), user("v"), calls("4"), results("4")];
    expect(turns(input, { singleCalls: true })).toEqual([
      user("u"),
      { role: "assistant", parts: [...assistant("a").parts, ...calls("1").parts] },
      results("1"),
      calls("2"),
      results("2"),
      calls("3"),
      { role: "user", parts: [resultWith("3", "result of 3", reminder("s"))] },
      user("v"),
      calls("4"),
      results("4"),
    ]);
  });

  it("puts calls behind what is said between them, for a Responses server that ends a message's calls there", () => {
    const thought: AssistantPart = { type: "thinking", text: "hm", seal: { wire: "responses", value: "s" } };
    const parts = [...assistant("a").parts, ...calls("1").parts, thought, ...assistant("b").parts, ...calls("2").parts] as AssistantPart[];
    const input = request([user("u"), { role: "assistant", parts }, results("1", "2")]);
    const behind = [...assistant("a").parts, thought, ...assistant("b").parts, ...calls("1", "2").parts];
    const sent = [user("u"), { role: "assistant", parts: behind }, results("1", "2")];
    expect(mended(input, { callsLast: true }, "responses").turns).toEqual(sent);
    expect(mended(input, { callsLast: true }, "messages").turns).toEqual(input.turns);
  });

  it("keeps texts apart between which a call stood that goes behind them", () => {
    const parts = [...assistant("a").parts, ...calls("1").parts, ...assistant("b").parts] as AssistantPart[];
    const input = request([user("u"), { role: "assistant", parts }, results("1")]);
    expect(mended(input, { callsLast: true }, "responses").turns[1]?.parts).toEqual([
      ...assistant("a", "\n\nb").parts,
      ...calls("1").parts,
    ]);
  });

  it("leads the first user turn with the instructions for a template that knows no other role", () => {
    const quirks = { systemRole: "user", strictAlternation: true } as const;
    expect(turns([system("s"), user("u"), assistant("a")], quirks)).toEqual([user("s\n", "u"), assistant("a")]);
    expect(turns([system("s"), assistant("a"), user("u")], quirks)).toEqual([user("s"), assistant("a"), user("u")]);
    expect(turns([user("u")], quirks)).toEqual([user("u")]);
  });

  it("keeps what was written before, whatever follows", () => {
    const turn = fc.constantFrom<readonly Turn[]>(
      [user("u")],
      [system("s")],
      [assistant("a")],
      [calls("1"), results("1")],
      [calls("1", "2"), results("2", "1"), system("t")],
      [calls("1"), withText(results("1"), "w")],
    );
    const said = (part: Turn["parts"][number]): string => {
      if (part.type === "tool-result") return part.parts.map((inner) => `result: ${inner.type === "text" ? inner.text : ""}`).join("\n");
      return part.type === "tool-call" ? `call ${part.id}` : part.type === "text" ? part.text : part.type;
    };
    const text = (list: readonly Turn[]) => list.map((one) => one.parts.map(said).join("\n")).join("\n");
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 8 }), turn, (before, last) => {
        const first = [user("start"), ...before.flat()];
        const short = text(turns(first));
        expect(text(turns([...first, ...last])).startsWith(short)).toBe(true);
      }),
    );
  });

  it("asks for what a template will not be given to begin with", () => {
    expect(turns([user("u"), assistant("so")], { prefill: "refuse" }).at(-1)?.role).toBe("user");
    expect(turns([user("u"), assistant("so")])).toEqual([user("u"), assistant("so")]);
  });
});

describe("the summary of what was said before", () => {
  const summary = { type: "opaque", wire: "messages", value: {}, text: "so far", summary: true } as const;
  const text = { type: "text", text: "answer" } as const;
  it.each<readonly [string, readonly Turn[], readonly Turn[]]>([
    ["before an answer", [user("u"), { role: "assistant", parts: [summary, text] }], [user("u"), user("so far"), assistant("answer")]],
    ["alone", [{ role: "assistant", parts: [summary] }, user("v")], [user("so far"), user("v")]],
    ["without a word", [user("u"), { role: "assistant", parts: [{ ...summary, text: "" }, text] }], [user("u"), assistant("answer")]],
  ])("%s: is the user's elsewhere", (_, given, expected) => {
    expect(turns(given)).toEqual(expected);
    expect(mended(request(given), {}, "messages").turns).toEqual(given);
    expect(mended(request(given), { refusedMessagesFields: ["compaction"] }, "messages").turns).toEqual(expected);
  });
});

describe("tools", () => {
  const search = { type: "hosted" as const, name: "web_search", wire: "messages" as const, value: {} };

  it("gives illegal and long names short ones, in tools, choice and history", () => {
    const long = `mcp__${"x".repeat(80)}`;
    const input = request(
      [user("u"), { role: "assistant", parts: [{ type: "tool-call", id: "1", name: long, arguments: "{}" }] }, results("1")],
      {
        tools: [tool(long), tool(`${long}y`), tool("a.b"), tool("a_b"), tool("a.b")],
        toolChoice: { type: "tool", name: "a.b" },
      },
    );
    const out = mended(input);
    const names = out.tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(out.toolChoice).toEqual({ type: "tool", name: names[2] });
    expect(out.turns[1]?.parts[0]).toMatchObject({ name: names[0] });
    expect(names[3]).toBe("a_b");
    expect(mended(input).tools.map(({ name }) => name)).toEqual(names);
    const short = names[0] ?? "";
    const [other, taken] = mended(request([user("u")], { tools: [input.tools[0] ?? tool("x y"), tool(short)] })).tools;
    expect([other?.name, taken?.name]).toEqual([expect.not.stringMatching(`^${short}$`), short]);
  });

  it.each([
    ["gemini", /^_21st_magic_\w+$/],
    ["moonshot", /^f_21st_magic_\w+$/],
    [undefined, /^21st_magic$/],
  ] as const)("gives names a first letter where it has to be one: %s", (toolSchema, expected) => {
    const input = request([user("u")], { tools: [tool("21st_magic"), tool("Read")] });
    const names = mended(input, toolSchema === undefined ? {} : { toolSchema }).tools.map(({ name }) => name);
    expect(names).toEqual([expect.stringMatching(expected), "Read"]);
  });

  it("hashes ids for servers with rules, the same in call and result, and sends back a model's own", () => {
    const own = mended(request([user("u"), calls("fcc0_ZnVuY3Rpb25zLkJhc2g6MA"), results("fcc0_ZnVuY3Rpb25zLkJhc2g6MA")])).turns;
    expect(own[1]?.parts[0]).toMatchObject({ id: "functions.Bash:0" });
    expect(own[2]?.parts[0]).toMatchObject({ id: "functions.Bash:0" });
    // Of a server that writes such ids, whatever its wire.
    const foreign = request([user("u"), calls("functions.Bash:0"), results("functions.Bash:0")]);
    expect(mended(foreign).turns[1]?.parts[0]).toMatchObject({ id: "functions.Bash:0" });
    expect(mended(foreign, {}, "messages").turns[1]?.parts[0]).toMatchObject({ id: "functions.Bash:0" });
    const safe = mended(foreign, { toolIds: "safe" }, "messages").turns;
    expect(safe[1]?.parts[0]).toMatchObject({ id: "fcc0_ZnVuY3Rpb25zLkJhc2g6MA" });
    expect(safe[2]?.parts[0]).toMatchObject({ id: "fcc0_ZnVuY3Rpb25zLkJhc2g6MA" });
    // Each its own, of a model that counts them anew in each reply, or gives one to two calls.
    const again = mended(
      request([user("u"), calls("ls:0", "c", "c"), results("ls:0", "c", "c"), calls("ls:0", "c"), results("c", "ls:0")]),
      { toolIds: "safe" },
      "messages",
    ).turns;
    const idsOf = (turn?: Turn) => turn?.parts.map((part) => ("id" in part ? part.id : ""));
    expect(idsOf(again[1])).toEqual(["fcc0_bHM6MA", "c", "fcc1_Yw"]);
    expect(idsOf(again[2])).toEqual(["fcc0_bHM6MA", "c", "fcc1_Yw"]);
    expect(idsOf(again[3])).toEqual(["fcc1_bHM6MA", "fcc2_Yw"]);
    expect(idsOf(again[4])).toEqual(["fcc1_bHM6MA", "fcc2_Yw"]);
    const nine = mended(request([user("u"), calls("toolu_1", "abcdefghi"), results("toolu_1", "abcdefghi")]), {
      toolIds: "nine-letters",
    }).turns;
    const ids = nine[1]?.parts.map((part) => (part.type === "tool-call" ? part.id : ""));
    expect(ids?.[0]).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(ids?.[1]).toBe("abcdefghi");
    expect(nine[2]?.parts.map((part) => (part.type === "tool-result" ? part.id : ""))).toEqual(ids);
    const long = `toolu_${"x".repeat(60)}`;
    const short = mended(request([user("u"), calls(long, "call_1"), results(long, "call_1")]), { toolIds: "short" }).turns;
    const sent = short[1]?.parts.map((part) => (part.type === "tool-call" ? part.id : ""));
    expect(sent?.[0]).toMatch(/^[a-zA-Z0-9_]{1,40}$/);
    expect(sent?.[1]).toBe("call_1");
    expect(short[2]?.parts.map((part) => (part.type === "tool-result" ? part.id : ""))).toEqual(sent);
  });

  it("shortens long ids for Responses, the same way in call and result and in every request", () => {
    const long = "call_".padEnd(100, "x");
    const ids = (input: Request, wire: WireName) =>
      mended(input, {}, wire).turns.flatMap((turn) => turn.parts.flatMap((part) => ("id" in part ? [part.id] : [])));
    const [first = "", second = "", ...answers] = ids(
      request([user("u"), calls(long, `${long}y`), results(long, `${long}y`)]),
      "responses",
    );
    expect([first.length, second.length].every((length) => length <= 64)).toBe(true);
    expect(second).not.toBe(first);
    expect(answers).toEqual([first, second]);
    expect(ids(request([user("v"), assistant("a"), user("w"), calls(long), results(long)]), "responses")).toEqual([first, first]);
    expect(ids(request([user("u"), calls(long), results(long)]), "chat")).toEqual([long, long]);
  });

  it("never sends one id for two calls of a turn, nor to a Responses server for two of a conversation", () => {
    const input = request([user("u"), calls("ls:0", "c", "c"), results("ls:0", "c", "c"), calls("ls:0", "c"), results("c", "ls:0")]);
    const ids = (quirks: Quirks, wire: WireName) =>
      mended(input, quirks, wire).turns.map((turn) => turn.parts.flatMap((part) => ("id" in part ? [part.id] : [])));
    for (const quirks of [{}, { toolIds: "short" }, { toolIds: "nine-letters" }] as const) {
      const [, first = [], answers, second = [], ...last] = ids(quirks, "chat");
      expect(new Set(first).size).toBe(3);
      expect(answers).toEqual(first);
      expect(second).toEqual([first[0], first[1]]);
      expect(last).toEqual([second]);
    }
    const [, first = [], answers, second = [], ...last] = ids({}, "responses");
    expect(first.slice(0, 2)).toEqual(["ls:0", "c"]);
    expect(answers).toEqual(first);
    expect(last).toEqual([second]);
    expect(new Set([...first, ...second]).size).toBe(5);
    const [, same, each] = turns([
      user("u"),
      calls("1", "1"),
      { role: "user", parts: [resultWith("1", "first"), resultWith("1", "second")] },
    ]);
    const other = same?.parts[1];
    expect(each?.parts).toEqual([resultWith("1", "first"), resultWith(other?.type === "tool-call" ? other.id : "", "second")]);
    // What was sent of a conversation's beginning stays as it is.
    const begun = mended(request(input.turns.slice(0, 3)), {}, "responses").turns;
    expect(mended(input, {}, "responses").turns.slice(0, 3)).toEqual(begun);
  });

  it("leaves hosted tools out, and says so", () => {
    const alone = mend(request([user("search")], { tools: [search] }), context());
    expect(alone.request.tools).toEqual([]);
    expect(alone.request.turns[0]?.role).toBe("system");
    expect(alone.notices).toHaveLength(1);
    const beside = mend(
      request([user("u")], { tools: [search, tool("Read")], toolChoice: { type: "tool", name: "web_search" } }),
      context(),
    );
    expect(beside.request.tools.map(({ name }) => name)).toEqual(["Read"]);
    expect(beside.request.toolChoice).toEqual({ type: "auto" });
    expect(beside.request.turns).toEqual([user("u")]);
    const required = (...tools: Tool[]) => mend(request([user("u")], { tools, toolChoice: { type: "required" } }), context()).request;
    expect(required(search).toolChoice).toEqual({ type: "auto" });
    expect(required(search, tool("Read")).toolChoice).toEqual({ type: "required" });
    const twice = request([user("u")], { tools: [search, tool("web_search"), tool("Read")] });
    expect(mend(twice, context({}, "messages")).request.tools).toEqual([search, tool("Read")]);
    expect(mend(twice, context()).request.tools).toEqual([tool("Read")]);
  });

  it("tells of what is asked for beside the tools too, and keeps it for its own wire, until that is refused", () => {
    const server = {
      type: "hosted" as const,
      name: "mcp_servers.tracker",
      field: "mcp_servers",
      wire: "messages" as const,
      value: { name: "tracker" },
    };
    const input = request([user("u")], { tools: [tool("Read"), server] });
    const elsewhere = mend(input, context({}, "chat"));
    expect(elsewhere.request.tools).toEqual([tool("Read")]);
    expect(elsewhere.notices).toEqual([expect.stringContaining("mcp_servers.tracker")]);
    expect(mend(input, context({}, "messages")).request.tools).toEqual(input.tools);
    const refused = mend(input, context({ refusedMessagesFields: ["mcp_servers"] }, "messages"));
    expect([refused.request.tools, refused.notices.length]).toEqual([[tool("Read")], 1]);
    const search = { type: "hosted" as const, name: "web_search_options", field: "web_search_options", wire: "chat" as const, value: {} };
    const chat = (quirks: Quirks) => mended({ ...input, tools: [tool("Read"), search] }, quirks).tools.map(({ name }) => name);
    expect(chat({ refusedMessagesFields: ["web_search_options"] })).toEqual(["Read", "web_search_options"]);
    expect(chat({ refusedFields: ["web_search_options"] })).toEqual(["Read"]);
  });

  it("keeps a web search where the server is asked for one in its own words", () => {
    const input = request([user("search")], {
      tools: [
        { ...search, webSearch: {} },
        { ...search, name: "code_execution" },
      ],
    });
    const tools = (quirks: Quirks) => mend(input, context(quirks, "responses")).request.tools.map(({ name }) => name);
    expect(tools({ webSearch: { responses: "web_search" } })).toEqual(["web_search"]);
    expect(tools({ webSearch: { chat: "openrouter:web_search" } })).toEqual([]);
    expect(tools({ webSearch: { responses: "web_search" }, hostedTools: false })).toEqual([]);
  });

  it("asks in words for a call that the server cannot insist on", () => {
    const input = request([user("u")], { tools: [tool("Read")], toolChoice: { type: "tool", name: "Read" } });
    expect(mended(input).toolChoice).toEqual(input.toolChoice);
    expect(mended(input, { forcedTools: "required" }).toolChoice).toEqual({ type: "required" });
    const asked = mended(input, { forcedTools: "auto" });
    expect(asked.toolChoice).toEqual({ type: "auto" });
    expect(JSON.stringify(asked.turns)).toContain("the tool Read");
    expect(mended({ ...input, reasoning: { enabled: true } }, {}, "messages").toolChoice).toEqual({ type: "auto" });
    expect(JSON.stringify(mended(input, { refusedFields: ["tool_choice"] }).turns)).toContain("the tool Read");
  });

  it("asks in words for text alone where the server cannot be told so", () => {
    const input = request([user("t"), assistant("a"), user("u")], { tools: [tool("Read")], toolChoice: { type: "none" } });
    expect(mended(input)).toEqual(input);
    for (const quirks of [{ forcedTools: "auto" as const }, { refusedFields: ["tool_choice"] }]) {
      const out = mended(input, quirks);
      expect(out.toolChoice).toEqual({ type: "none" });
      expect(out.turns).toEqual([user("t"), assistant("a"), user("u", reminder("Answer with text, not with a call of a tool."))]);
    }
  });

  it("leaves tools out that may not be called where the server takes no choice but its own, unless it asks for them", () => {
    const input = request([user("u")], { tools: [tool("Read")], toolChoice: { type: "none" } });
    expect(mended(input, { forcedTools: "only-auto" })).toEqual({ ...input, tools: [], toolChoice: { type: "auto" } });
    const kept = mended(input, { forcedTools: "only-auto", toolsForHistory: true });
    expect(kept.toolChoice).toEqual({ type: "auto" });
    expect(kept.tools).toEqual(input.tools);
    expect(kept.turns).toEqual([user("u", reminder("Answer with text, not with a call of a tool."))]);
  });

  it("offers tools of the history where the server asks for them", () => {
    const input = request([user("u"), calls("1"), results("1")]);
    expect(mended(input).tools).toEqual([]);
    const out = mended(input, { toolsForHistory: true });
    expect(out.tools.map(({ name }) => name)).toEqual(["Read"]);
    expect(out.toolChoice).toEqual({ type: "none" });
  });
});

describe("media, schema, stops", () => {
  const image: UserPart = { type: "image", source: { type: "base64", mediaType: "image/png", data: "AAAA" } };
  const pdf: UserPart = { type: "document", title: "plan.pdf", source: { type: "base64", mediaType: "application/pdf", data: "AAAAAA==" } };

  it("tells a text model what it cannot see, and a person once", () => {
    const out = mend(
      request([{ role: "user", parts: [image, { ...resultWith("1"), parts: [image] } as UserPart, image] }]),
      context({ images: false }),
    );
    expect(JSON.stringify(out.request.turns)).not.toContain('"image"');
    expect(out.notices).toHaveLength(1);
  });

  it("shows a server that takes so many images the newest, and all that came since the model's last answer", () => {
    const numbered = (data: string): UserPart => ({ type: "image", source: { type: "base64", mediaType: "image/png", data } });
    const of = (...last: UserPart[]): Turn[] => [
      { role: "user", parts: [numbered("AAAA"), { ...resultWith("1"), parts: [numbered("AAAB")] } as UserPart, numbered("AAAC")] },
      { role: "assistant", parts: [{ type: "text", text: "two cats" }] },
      { role: "user", parts: last },
    ];
    const shown = (given: Turn[], mostImages: number) => {
      const out = mend(request(given), context({ mostImages }));
      return [JSON.stringify(out.request.turns).match(/AAA\w/g), out.notices.length];
    };
    expect(shown(of(numbered("AAAD")), 4)).toEqual([["AAAA", "AAAB", "AAAC", "AAAD"], 0]);
    expect(shown(of(numbered("AAAD")), 2)).toEqual([["AAAC", "AAAD"], 1]);
    expect(shown(of(numbered("AAAD"), numbered("AAAE")), 1)).toEqual([["AAAD", "AAAE"], 1]);
    expect(shown([{ role: "user", parts: [numbered("AAAD"), numbered("AAAE")] }], 1)).toEqual([["AAAD", "AAAE"], 0]);
  });

  it("names a document that cannot be read, with its size", () => {
    expect(turns([{ role: "user", parts: [pdf] }])[0]?.parts).toEqual([
      { type: "text", text: "[document omitted: plan.pdf, application/pdf, 4 bytes]" },
    ]);
    expect(turns([{ role: "user", parts: [{ ...pdf, context: "from March" }] }])[0]?.parts).toEqual([
      { type: "text", text: "[document omitted: plan.pdf, application/pdf, 4 bytes]\n\nfrom March" },
    ]);
    expect(turns([{ role: "user", parts: [pdf] }], { documents: "file" })[0]?.parts).toEqual([pdf]);
    expect(turns([{ role: "user", parts: [pdf] }], { documents: "url" })[0]?.parts).toEqual([pdf]);
    expect(mended(request([{ role: "user", parts: [pdf] }]), {}, "messages").turns[0]?.parts).toEqual([pdf]);
    const linked: UserPart = { type: "document", source: { type: "url", url: "https://x/a.pdf" } };
    const quirks: Quirks = { documents: "file" };
    expect(turns([{ role: "user", parts: [linked] }], quirks)[0]?.parts).toEqual([
      { type: "text", text: "[document omitted: untitled, https://x/a.pdf]" },
    ]);
    expect(turns([{ role: "user", parts: [linked] }], { ...quirks, documentUrls: true })[0]?.parts).toEqual([linked]);
    expect(mended(request([{ role: "user", parts: [linked] }]), quirks, "responses").turns[0]?.parts).toEqual([linked]);
    const text: UserPart = { type: "document", title: "t", context: "c", source: { type: "text", text: "body" } };
    expect(turns([{ role: "user", parts: [text] }])).toEqual([user("t\n\nc\n\nbody")]);
    expect(mended(request([{ role: "user", parts: [text] }]), {}, "messages").turns[0]?.parts).toEqual([text]);
    const none: Quirks = { documents: "placeholder" };
    expect(mended(request([{ role: "user", parts: [text] }]), none, "messages").turns).toEqual([user("t\n\nc\n\nbody")]);
  });

  it("names an image by the type that it is", () => {
    const image = (mediaType: string, data: string): UserPart => ({ type: "image", source: { type: "base64", mediaType, data } });
    const png = "iVBORw0KGgoAAAANSUhEUg==";
    const given = [
      image("image/jpeg", png),
      image("image/jpg", "/9j/4AAQSkZJRgABAQAAAQ=="),
      image("", "UklGRhIAAABXRUJQVlA4"),
      image("x/y", "AAAA"),
    ];
    const out = turns([{ role: "user", parts: [...given, { ...resultWith("1"), parts: [given[0]] } as UserPart] }]);
    expect(JSON.stringify(out).match(/"mediaType":"[^"]*"/g)).toEqual(
      ["image/png", "image/jpeg", "image/webp", "x/y", "image/png"].map((type) => `"mediaType":"${type}"`),
    );
  });

  it("asks in words for JSON of any kind only where a server knows it under a schema alone", () => {
    const input = request([user("u")], { schema: { name: "n", schema: { type: "object" }, open: true } });
    expect(mended(input)).toEqual(input);
    expect(mended(input, { replySchema: "json_object" })).toEqual(input);
    for (const out of [mended(input, {}, "messages"), mended(input, { replySchema: "none" })]) {
      expect(out.schema).toBeUndefined();
      expect(out.turns[0]).toMatchObject({ role: "system", parts: [{ text: expect.stringContaining("one JSON object") }] });
    }
  });

  it("puts a reply's schema in words where the server takes none", () => {
    const input = request([user("u")], { schema: { name: "n", schema: { type: "object" } } });
    expect(mended(input)).toEqual(input);
    expect(mended(input, { replySchema: "none" }).schema).toBeUndefined();
    expect(mended(input, { replySchema: "json_object" }).schema).toEqual(input.schema);
    expect(mended(input, { replySchema: "json_object" }).turns[0]?.role).toBe("system");
    // Messages has no plain JSON mode to fall back to.
    expect(mended(input, { replySchema: "json_object" }, "messages").schema).toBeUndefined();
  });

  it("says what a reply is for inside its schema where the wire has no field for it", () => {
    const verdict = { type: "object", properties: { ok: { type: "boolean" } }, additionalProperties: false } as const;
    const asking = (schema: object, quirks: Quirks, wire?: "messages") =>
      mended(request([user("u")], { schema: { name: "n", description: "A verdict", schema: { ...verdict, ...schema } } }), quirks, wire);
    expect(asking({}, {}, "messages").schema?.schema).toEqual({ ...verdict, description: "A verdict" });
    expect(asking({ description: "own" }, {}, "messages").schema?.schema.description).toBe("own");
    expect(JSON.stringify(asking({}, { replySchema: "none" }).turns[0])).toContain("A verdict");
    expect(asking({}, {}).schema?.schema).toEqual(verdict);
  });

  it("closes the objects of a reply's schema for Messages, and puts one in words that cannot be closed", () => {
    const asking = (schema: object) =>
      mended(request([user("u")], { schema: { name: "n", schema: schema as { type: "object" } } }), {}, "messages");
    const item = { type: "object", properties: { n: { type: "integer", minimum: 1, description: "Many." } }, required: ["n"] };
    const tags = { type: "array", items: { oneOf: [{ $ref: "#/$defs/item" }, { type: "string", format: "byte" }] }, minItems: 1 };
    const given = {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { tags, minimum: { type: ["object", "null"], additionalProperties: false } },
      $defs: { item },
    };
    expect(asking(given).schema?.schema).toEqual({
      type: "object",
      properties: {
        tags: {
          type: "array",
          items: { anyOf: [{ $ref: "#/$defs/item" }, { type: "string", description: 'format: "byte"' }] },
          minItems: 1,
        },
        minimum: { type: ["object", "null"], additionalProperties: false },
      },
      $defs: {
        item: {
          type: "object",
          properties: { n: { type: "integer", description: "Many. minimum: 1" } },
          required: ["n"],
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    });
    for (const open of [{ additionalProperties: { type: "string" } }, { properties: {} }, { properties: { a: {} } }, {}]) {
      const out = asking({ type: "object", ...open });
      expect(out.schema).toBeUndefined();
      expect(out.turns[0]).toMatchObject({ role: "system", parts: [{ text: expect.stringContaining(JSON.stringify(open).slice(1)) }] });
    }
  });

  it("puts a reply's schema in words beside tools where they exclude each other", () => {
    const asking = { schema: { name: "n", schema: { type: "object" as const } } };
    const tool = { type: "function" as const, name: "Read", parameters: { type: "object" as const } };
    const quirks: Quirks = { schemaBesideTools: false };
    expect(mended(request([user("u")], asking), quirks).schema).toEqual(asking.schema);
    expect(mended(request([user("u")], { ...asking, tools: [tool] })).schema).toEqual(asking.schema);
    const out = mended(request([user("u")], { ...asking, tools: [tool] }), quirks);
    expect(out.schema).toBeUndefined();
    expect(out.turns[0]).toMatchObject({ role: "system", parts: [{ text: expect.stringMatching(/^When there is no tool left to call/) }] });
  });

  it("tells a person that a model which may not think beside tools does not", () => {
    const tool = { type: "function" as const, name: "Read", parameters: { type: "object" as const } };
    const asking = { reasoning: { enabled: true, effort: "high" as const } };
    const thinks = mend(request([user("u")], asking), context({ effortBesideTools: false }));
    expect([thinks.request.reasoning, thinks.notices]).toEqual([asking.reasoning, []]);
    const does = mend(request([user("u")], { ...asking, tools: [tool] }), context({ effortBesideTools: false }));
    expect(does.request.reasoning).toEqual({ enabled: false });
    expect(does.notices).toEqual([expect.stringContaining("does not think")]);
  });

  it("says the rest of a description that is too long in the system prompt", () => {
    const told = (description: string) => ({ type: "function", name: "Read", description, parameters: {} }) as const;
    const long = `${"A line. ".repeat(8)}\nAnother line.\nThe last.`;
    const input = request([{ role: "system", parts: [{ type: "text", text: "be brief" }] }, user("u")], {
      tools: [told(long), told("short")],
    });
    const { tools, turns } = mended(input, { toolDescriptionLength: 80 });
    const [first] = tools;
    const head = first?.type === "function" ? (first.description ?? "") : "";
    expect(head.length).toBeLessThanOrEqual(80);
    expect(turns[0]?.parts.at(-1)).toEqual({ type: "text", text: "More on the tool Read:\nThe last." });
    expect(`${head}\nThe last.`).toBe(long);
    expect(mended(input, { toolDescriptionLength: 1024 }).turns).toEqual(mended(input).turns);
    // Without a place to part it, at the very length.
    const [cut] = mended(request([user("u")], { tools: [told("x".repeat(30))] }), { toolDescriptionLength: 20 }).tools;
    expect(cut).toMatchObject({ description: "x".repeat(20) });
  });

  it("sends only as many stops as are taken", () => {
    const input = request([user("u")], { stop: ["a", "b", "c", ""] });
    expect(mended(input).stop).toEqual(["a", "b", "c"]);
    expect(mended(input, { maxStops: 1 }).stop).toEqual(["a"]);
    expect(mended(input, { refusedFields: ["stop"] }).stop).toEqual([]);
    const six = request([user("u")], { stop: ["1", "2", "3", "4", "5", "6"] });
    expect(mended(six).stop).toEqual(["1", "2", "3", "4"]);
    expect(mended(six, { maxStops: 5 }).stop).toHaveLength(5);
    expect(mended(six, {}, "messages").stop).toHaveLength(6);
    const long = request([user("u")], { stop: ["…".repeat(11), "x".repeat(32)] });
    expect(mended(long, { longestStop: 32 }).stop).toEqual(["x".repeat(32)]);
    const line = request([user("u")], { stop: ["\n", "END"] });
    expect(mended(line).stop).toEqual(["\n", "END"]);
    expect(mended(line, {}, "messages").stop).toEqual(["END"]);
  });
});

describe("neighbours of one role", () => {
  // A copy for each neighbour took a minute here, in which nothing else was answered; a hundredth of this limit is enough.
  const limit = { timeout: 20_000 };
  const many = (role: "user" | "assistant") => Array.from({ length: 64_000 }, () => (role === "user" ? user : assistant)("a"));
  const open = (input: Request) => {
    const { body } = messagesProvider.open(input, { ids: countingIds(), model: "m", maker: "lab/m", quirks: {} });
    return (body as { readonly messages: readonly { readonly role: string }[] }).messages.map(({ role }) => role);
  };

  it.each(["user", "assistant"] as const)("become one turn, however many: %s", limit, (role) => {
    const fit = mended(request([user("go"), ...many(role)]), { strictAlternation: true }, "messages");
    expect(fit.turns.map((turn) => turn.role)).toEqual(role === "user" ? ["user"] : ["user", "assistant"]);
  });

  it("become one turn, however many parts the second has", () => {
    const second: Turn = { role: "assistant", parts: Array.from({ length: 200_000 }, () => ({ type: "text", text: "a" }) as const) };
    expect(mended(request([user("go"), assistant("a"), second]), {}, "messages").turns[1]?.parts).toHaveLength(200_001);
  });

  it.each(["user", "assistant"] as const)("become one message, however many: %s", limit, (role) => {
    expect(open(request(many(role)))).toEqual([role]);
  });
});
