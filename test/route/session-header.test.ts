import { describe, expect, it } from "vitest";
import { nativeHeaders, translatedHeaders } from "../../src/route/headers.ts";
import { providerAt } from "../support/provider.ts";

const asking = providerAt("https://lab.example", {}, { sessionHeader: "x-lab-session" });
const claude = { "x-claude-code-session-id": "abc" };

describe("the id of the conversation", () => {
  it("goes to a provider that has a header for it, translated or not", () => {
    expect(translatedHeaders({ provider: asking, wire: "chat" }, true, claude)["x-lab-session"]).toBe("abc");
    expect(translatedHeaders({ provider: asking, wire: "chat" }, true, { session_id: "codex" })["x-lab-session"]).toBe("codex");
    expect(nativeHeaders({ provider: asking, wire: "messages" }, {}, claude)["x-lab-session"]).toBe("abc");
  });

  it.each([
    ...["x-claude-code-session-id", "session-id", "session_id", "conversation_id", "thread-id"],
    ...["x-session-affinity", "x-session-id", "x-opencode-session"],
  ])("is taken from where Claude Code, Codex and OpenCode say it: %s", (name) => {
    expect(translatedHeaders({ provider: asking, wire: "chat" }, true, { [name]: "ses_1" })["x-lab-session"]).toBe("ses_1");
  });

  it("is one for the key where the provider insists and the client names none", () => {
    const insisting = providerAt("https://lab.example", {}, { sessionHeader: "x-lab-session", needsSession: true });
    const of = (key: string) => nativeHeaders({ provider: insisting, wire: "chat", key }, {}, {})["x-lab-session"];
    expect(of("sk-1")).toMatch(/^fcc_\w{16}$/);
    expect(of("sk-1")).toBe(of("sk-1"));
    expect(of("sk-1")).not.toBe(of("sk-2"));
    expect(translatedHeaders({ provider: insisting, wire: "chat", key: "sk-1" }, true, { session_id: "codex" })["x-lab-session"]).toBe(
      "codex",
    );
  });

  it("goes to nobody else by a translated request, and is not invented", () => {
    expect(JSON.stringify(translatedHeaders({ provider: providerAt("https://lab.example"), wire: "chat" }, true, claude))).not.toContain(
      "abc",
    );
    expect(translatedHeaders({ provider: asking, wire: "chat" }, true)).not.toHaveProperty("x-lab-session");
  });
});
