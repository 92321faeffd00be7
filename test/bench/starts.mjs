// What a launch takes beside the smallest Node program, and how large fcc is.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "./ask.mjs";

const clock = () => performance.timeOrigin + performance.now();

/** Each program as a launch runs it. `first` ends with the moment of the client's first instruction, which the client prints. */
export function starts({ env, launch }, folder, rounds) {
  const [fcc] = launch;
  const bareLauncher = join(folder, "launcher.cjs");
  writeFileSync(
    bareLauncher,
    "require('node:child_process').spawn(process.argv[2], process.argv.slice(3), { stdio: 'inherit' }).on('exit', (code) => process.exit(code));\n",
  );
  // A shell's builtin clock starts in a millisecond, Node in thirty.
  const first = ["/bin/bash", "-c", "echo $EPOCHREALTIME"];
  const programs = {
    bare: ["-e", "0"],
    launcher: [bareLauncher, "/bin/true"],
    run: [...launch, "/bin/true"],
    client: [...launch, ...first],
    anewClient: [...launch, ...first],
    bareClient: [bareLauncher, ...first],
    version: [fcc, "--version"],
    help: [fcc, "--help"],
    completion: [fcc, "completion", "bash"],
  };
  const seen = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(programs)) {
      // The rounds that are not counted keep what they compiled, as every first launch does; `anew` is that first launch.
      const own = name.startsWith("anew") ? { ...env, NODE_DISABLE_COMPILE_CACHE: "1" } : env;
      const begun = clock();
      const { status, stdout } = spawnSync(process.execPath, args, { env: own, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
      const took = /client$/i.test(name) ? Number(stdout.trim().replace(",", ".")) * 1000 - begun : clock() - begun;
      if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
      if (round >= 0) seen[name].push(took);
    }
  }
  const bare = median(seen.bare);
  const row = (text, name, floor) => {
    const shown = floor === undefined ? "" : `${median(seen[floor]).toFixed(0)} ms`;
    return [text, "", shown, `${median(seen[name]).toFixed(0)} ms`, `${(median(seen[name]) / bare).toFixed(2)} x node -e 0`];
  };
  return [
    ["node -e 0", "", `${bare.toFixed(0)} ms`, "", ""],
    row("fcc run -- true, whole (floor: a bare launcher)", "run", "launcher"),
    row("fcc to the client's first instruction (floor: a bare launcher)", "client", "bareClient"),
    row("the same at the first launch ever, with nothing compiled kept", "anewClient", "bareClient"),
    row("fcc --version", "version"),
    row("fcc --help", "help"),
    row("fcc completion bash", "completion"),
  ];
}

export function sizes(root) {
  const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root, encoding: "utf8" });
  const [{ size, unpackedSize }] = JSON.parse(stdout);
  const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  return [
    ["packed size", "", "", mb(size), ""],
    ["installed size, one package", "", "", mb(unpackedSize), ""],
  ];
}
