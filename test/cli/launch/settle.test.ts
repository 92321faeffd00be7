import { describe, expect, it } from "vitest";
import { settleProfile } from "../../../src/cli/launch/settle.ts";
import type { DiscoveredModel } from "../../../src/discover/index.ts";
import { rows } from "../../../src/providers/index.ts";
import { profileOf, providerAt, targetOf } from "../../support/provider.ts";
import { windowsOf } from "../../support/windows.ts";

const { vllm } = rows;
const at = (id: string, model: string) => targetOf(providerAt("http://127.0.0.1:9", { id, ...(vllm && { row: vllm }) }), model);
/** Servers with one model each; `dead` is down. */
const windows = (has: DiscoveredModel) =>
  windowsOf(({ provider: { id }, model }) => ({
    source: "",
    certain: true,
    discovery: id === "dead" ? { provider: id, models: [], failure: down } : { provider: id, models: [has] },
    ...(model === has.id && { model: has }),
  }));
const down = { kind: "unreachable", origin: "fcc", message: "nobody answers there" } as const;
const session = { needed: 30_000, dry: false };
const talker: DiscoveredModel = { id: "lab/big", source: "", tools: false, images: false };

describe("a profile by what its servers said", () => {
  it("has whole names, and what is found of the models by them", async () => {
    const settled = await settleProfile(profileOf([at("box", "big")]), windows(talker), session);
    expect(settled.refusal).toBeUndefined();
    expect(settled.profile.main[0]).toMatchObject({ model: "lab/big", quirks: { images: false } });
    expect(settled.notices).toEqual([expect.stringMatching(/^box\/lab\/big cannot call tools/)]);
  });

  it("keeps what it says of each target of one model where the name was not whole", async () => {
    const subagent = { ...at("box", "big"), reasoning: "off" as const };
    const settled = await settleProfile(profileOf([at("box", "big")], { subagent: [subagent] }), windows(talker), session);
    expect(settled.profile.main[0]).toMatchObject({ model: "lab/big" });
    expect(settled.profile.main[0]).not.toHaveProperty("reasoning");
    expect(settled.profile.subagent?.[0]).toMatchObject({ model: "lab/big", reasoning: "off" });
  });

  it("is refused for the first thing that is wrong, and by a rehearsal for none", async () => {
    const nowhere = profileOf([at("dead", "gone")]);
    const refused = await settleProfile(nowhere, windows(talker), session);
    expect(refused.refusal).toEqual({ exitCode: 1, lines: ["nobody answers there"] });
    const missing = await settleProfile(profileOf([at("box", "gone")]), windows(talker), session);
    expect(missing.refusal?.lines[0]).toContain('there is no model "gone"');
    expect(await settleProfile(nowhere, windows(talker), { ...session, dry: true })).toEqual({ profile: nowhere, notices: [] });
  });
});
