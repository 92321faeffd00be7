import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { projectFile, world } from "./world.ts";

const root = resolve(import.meta.dirname, "../..");
const examples = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".yaml"));
const readme = readFileSync(join(root, "README.md"), "utf8");
const env = { MY_KEY: "key-of-mine", VLLM_KEY: "key-of-the-cluster" };
const certificate = { "home/.certs/team.pem": "-----BEGIN CERTIFICATE-----\n" };

describe("what is published as configuration", () => {
  it.each(examples)("examples/%s resolves, and its first line runs it", async (name) => {
    const text = readFileSync(join(root, "examples", name), "utf8");
    expect(text.split("\n")[0]).toMatch(new RegExp(`^# (?:[A-Z_]+=\\.\\.\\. )?fcc claude --config examples/${name}$`));
    const { profile, notices } = await world({ [projectFile]: text, ...certificate }).profile({ env });
    expect(notices).toEqual([]);
    expect(profile.main.length).toBeGreaterThan(0);
  });

  it("each example stands in the list of examples, and no other", () => {
    const list = readFileSync(join(root, "examples/README.md"), "utf8");
    expect([...list.matchAll(/\]\(([^)/]+\.yaml)\)/g)].map((match) => match[1]).sort()).toEqual([...examples].sort());
  });

  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g), ...readme.matchAll(/<<'EOF'\n([\s\S]*?)EOF/g)].map(
    (match) => match[1] ?? "",
  );
  it.each(blocks)("a configuration in README resolves: %#", async (text) => {
    const there = world({ [projectFile]: text, ...certificate });
    const loaded = await there.loaded({ env });
    const names = Object.keys(loaded.merged.settings.profiles ?? {});
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect((await there.profile({ env, options: { profile: name } })).profile.name).toBe(name);
  });
});
