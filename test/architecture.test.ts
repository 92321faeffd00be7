import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { wireNames } from "../src/model/opaque.ts";

const root = resolve(import.meta.dirname, "..");
const source = join(root, "src");

/** Rooms by floor; src/README.md shows the same table to people. */
const floors: readonly (readonly string[])[] = [
  ["model"],
  ["wire", "mend"],
  ["providers", "clients"],
  ["route", "reach", "system"],
  ["discover", "checks", "proxy", "demo", "launch", "config", "watch"],
  ["cli"],
];
/** Imports between rooms of one floor that the house allows, each with its reason. */
const neighbours: Readonly<Record<string, readonly string[]>> = {
  // A boundary and a provider's time-outs are decisions, which reach carries out.
  reach: ["route"],
  // What a server said of itself is part of what is judged.
  checks: ["discover"],
};

/** Who alone may touch the outside world, by Node's module or package. */
const doors: Readonly<Record<string, readonly string[]>> = {
  "node:net": ["reach"],
  "node:tls": ["reach"],
  "node:dns": ["reach"],
  "node:dns/promises": ["reach"],
  "node:https": [],
  "node:http2": [],
  "node:http": ["proxy", "demo", "reach"],
  undici: ["reach"],
  execa: ["launch", "config"],
  "node:child_process": ["system", "launch"],
  "node:fs": ["system", "config", "launch", "watch", "cli"],
  "node:fs/promises": ["config", "launch", "watch", "cli"],
  cosmiconfig: ["config"],
  "@clack/prompts": ["cli"],
  kleur: ["cli"],
  commander: ["cli"],
  "node:readline": ["cli"],
  "node:tty": ["cli", "launch"],
  "node:worker_threads": [],
  "node:cluster": [],
};

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly { readonly specifier: string; readonly typeOnly: boolean }[];
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name): SourceFile => {
    const path = join(source, name);
    const text = readFileSync(path, "utf8");
    return { path, room: name.split("/")[0] ?? "", text, imports: importsOf(text) };
  });

function importsOf(text: string): SourceFile["imports"] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm);
  const dynamic = text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g);
  return [
    ...Array.from(statements, (match) => ({ specifier: match[2] ?? "", typeOnly: match[1] !== undefined })),
    ...Array.from(dynamic, (match) => ({ specifier: match[1] ?? "", typeOnly: false })),
  ];
}

/** All that stands here, but for what is installed and what is git's own. */
const there = readdirSync(root)
  .filter((name) => name !== "node_modules" && name !== ".git")
  .flatMap((name) => {
    const path = join(root, name);
    return statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: "utf8" }).map((inner) => `${name}/${inner}`)
      : [name];
  });

const roomOf = (path: string) => relative(source, path).split("/")[0] ?? "";
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));
const show = (path: string) => relative(root, path);

describe("the house", () => {
  it("has every room on a floor", () => {
    expect([...new Set(files.map((file) => file.room))].filter((room) => floorOf(room) < 0)).toEqual([]);
  });

  it("lets a room import only from floors below it", () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => resolve(dirname(file.path), specifier))
        .filter((target) => {
          const room = roomOf(target);
          if (room === file.room || neighbours[file.room]?.includes(room)) return false;
          return floorOf(room) >= floorOf(file.room);
        })
        .map((target) => `${show(file.path)} imports ${show(target)}`),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps the wires apart", () => {
    const wireOf = (path: string) => wireNames.find((wire) => relative(join(source, "wire"), path).startsWith(`${wire}/`));
    const wrong = files.flatMap((file) =>
      file.imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => resolve(dirname(file.path), specifier))
        .filter((target) => wireOf(file.path) && wireOf(target) && wireOf(target) !== wireOf(file.path))
        .map((target) => `${show(file.path)} imports ${show(target)}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has no cycles", () => {
    const graph = new Map(
      files.map((file) => [
        file.path,
        file.imports
          .filter(({ specifier, typeOnly }) => specifier.startsWith(".") && !typeOnly)
          .map(({ specifier }) => resolve(dirname(file.path), specifier)),
      ]),
    );
    const cycles: string[] = [];
    const done = new Set<string>();
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) {
        cycles.push([...trail.slice(trail.indexOf(path)), path].map(show).join(" -> "));
        return;
      }
      if (done.has(path)) return;
      for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) walk(path, []);
    expect(cycles).toEqual([]);
  });

  it("lets only certain rooms touch sockets, processes, files and the terminal", () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter(({ specifier, typeOnly }) => !typeOnly && specifier in doors && !doors[specifier]?.includes(file.room))
        .map(({ specifier }) => `${show(file.path)} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps the clock, chance and promises out of the pure rooms", () => {
    const pure = ["model", "wire", "mend", "providers", "clients", "route"];
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandom(?:UUID|Bytes)\(|\bsetTimeout\(|\bfetch\(|\basync\s|\bawait\s|\bprocess\./;
    const wrong = files
      .filter((file) => pure.includes(file.room))
      .flatMap((file) =>
        file.text
          .split("\n")
          .map((line, index) => ({ line, place: `${show(file.path)}:${index + 1}` }))
          .filter(({ line }) => !/^\s*(?:\*|\/\/|\/\*)/.test(line) && impure.test(line.replace(/"[^"]*"|`[^`]*`/g, "")))
          .map(({ place, line }) => `${place} ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });

  it("names no provider outside its row", () => {
    const wrong = files
      .filter((file) => !["providers", "config", "discover", "clients"].includes(file.room))
      .filter((file) => /\b(?:provider|row)(?:\.id)?\s*===\s*["']/.test(file.text))
      .map((file) => show(file.path));
    expect(wrong).toEqual([]);
  });

  it("has no room that is a drawer", () => {
    const drawers = files
      .map((file) => show(file.path))
      .filter((path) => /(?:^|[/-])(?:utils?|helpers?|managers?|services?|handlers?)(?:\.|\/|-)/.test(path));
    expect(drawers).toEqual([]);
  });

  it.each(["README.md", "CONTRIBUTING.md", "SECURITY.md", "src/README.md"])(
    "is what %s says: every file that is named there stands",
    (guide) => {
      const named = Array.from(readFileSync(join(root, guide), "utf8").matchAll(/`([\w./-]+\.(?:ts|mjs|md))`/g), (match) => match[1] ?? "");
      expect(named.filter((name) => !there.some((path) => `/${path}`.endsWith(`/${name}`)))).toEqual([]);
    },
  );
});
