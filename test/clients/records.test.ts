import { describe, expect, it } from "vitest";
import { helpText } from "../../src/cli/help.ts";
import { optionNames, split } from "../../src/cli/split.ts";
import type { Client, Start } from "../../src/clients/client.ts";
import { clients } from "../../src/clients/index.ts";
import { configurationSchema } from "../../src/config/schema/schema.ts";
import { model, startOf } from "./start.ts";

const token = "secret-token";
const everything = (client: Client, change: Partial<Start> = {}) => client.prepare(startOf(change));

describe.each(clients)("the record of $name", (client) => {
  const session = client.task("do it");

  it("is all that its command, its help and its place in the configuration need", () => {
    expect(split([client.id, "--quiet", "x"])).toMatchObject({ kind: "launch", command: client.id, options: { quiet: true }, args: ["x"] });
    expect(helpText()).toMatch(new RegExp(`^ {2}${client.id} +launch ${client.name} on the profile's models$`, "m"));
    for (const [command] of client.examples) expect(helpText(client.id)).toContain(command);
    expect(configurationSchema.safeParse({ clients: { [client.id]: { args: ["x"] } } }).success).toBe(true);
  });

  it("names examples of its own command, that fcc itself understands", () => {
    for (const [command] of client.examples) {
      const words = (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ""));
      expect(words[0]).toBe("fcc");
      expect(split(words.slice(1))).toMatchObject({ kind: "launch", command: client.id, warnings: [] });
    }
  });

  it("keeps the token out of the command line, and off the disk", () => {
    const { args, env, files } = everything(client, { args: session });
    expect(Object.values(env)).toContain(token);
    expect(args.join(" ")).not.toContain(token);
    for (const { content } of files) expect(content).not.toContain(token);
  });

  it("leads to the proxy, round any HTTP proxy of the user's", () => {
    const { args, env, files } = everything(client, { args: session, env: { HTTP_PROXY: "http://corp:3128", NO_PROXY: "corp" } });
    expect(JSON.stringify([args, env, files])).toContain("http://127.0.0.1:5555");
    expect(env).toMatchObject({ NO_PROXY: "corp,127.0.0.1,localhost", no_proxy: "corp,127.0.0.1,localhost" });
  });

  it("leaves the user's own arguments as they are, in their order", () => {
    const { args } = everything(client, { args: session });
    expect(args.slice(-session.length)).toEqual(session);
  });

  it("adds what the configuration adds, before the user's own", () => {
    const extra = { args: ["--added"], env: { ADDED: "1" } };
    const { args, env } = everything(client, { args: session, extra });
    expect(env["ADDED"]).toBe("1");
    expect(args.indexOf("--added")).toBeLessThan(args.length - session.length);
    expect(args).toContain("--added");
  });

  it("tells each model's window", () => {
    const models = { ...startOf().models, main: model("main:m", "a/m", { context: 54_321 }) };
    const { args, env, files } = everything(client, { args: session, models });
    expect(JSON.stringify([args, env, files])).toContain("54321");
  });

  it.each([["--help"], ["--version"]])("starts nothing on a model for %s", (option) => {
    expect(client.fixedPrompt([option])).toBe(0);
    expect(everything(client, { args: [option] })).toMatchObject({ args: [option], files: [] });
    expect(client.fixedPrompt(session)).toBeGreaterThan(0);
  });

  it("warns of fcc's options among its arguments, but of those that it has itself", () => {
    for (const option of optionNames.filter((name) => name !== "--help" && name !== "--version")) {
      const has = Object.hasOwn(client.options.valued, option) || client.options.flags?.includes(option) === true;
      const parts = split([client.id, "first", option]);
      expect(parts.kind === "launch" && parts.warnings.length, option).toBe(has ? 0 : 1);
    }
  });

  it("is found on every system that its package has a build for", () => {
    const { install } = client;
    expect(install.version).toMatch(/^\d+\.\d+\.\d+$/);
    if (!("binary" in install)) return;
    for (const platform of ["linux", "darwin", "win32"]) {
      for (const arch of ["x64", "arm64"]) expect(install.binary({ platform, arch, musl: false }), `${platform} ${arch}`).toBeDefined();
    }
  });
});

it("has no two clients of one name", () => {
  expect(new Set(clients.map(({ id }) => id)).size).toBe(clients.length);
});
