import { describe, expect, it } from "vitest";
import { nativeHeaders, translatedHeaders } from "../../src/route/headers.ts";
import { providerAt } from "../support/provider.ts";

const asking = providerAt("https://lab.example", {}, { sessionHeader: "x-lab-session" });
const claude = { "x-claude-code-session-id": "abc" };

describe("the id of the conversation", () => {
  it("goes to a provider that has a header for it, translated or not", () => {
    expect(translatedHeaders(asking, "chat", undefined, true, claude)["x-lab-session"]).toBe("abc");
    expect(translatedHeaders(asking, "chat", undefined, true, { session_id: "codex" })["x-lab-session"]).toBe("codex");
    expect(nativeHeaders(claude, asking, "messages", undefined, {})["x-lab-session"]).toBe("abc");
  });

  it("goes to nobody else by a translated request, and is not invented", () => {
    expect(JSON.stringify(translatedHeaders(providerAt("https://lab.example"), "chat", undefined, true, claude))).not.toContain("abc");
    expect(translatedHeaders(asking, "chat", undefined, true)).not.toHaveProperty("x-lab-session");
  });
});
