// `npm run demo`: builds fcc where it is not built yet and shows one launch on the built-in stand-in model. With Claude Code on PATH it is
// the real client, in an empty home folder; without it a few lines of a client, which show the stream itself.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const fcc = join(root, "dist/fcc.js");
if (!existsSync(fcc)) {
  const built = spawnSync("npm", ["run", "build"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (built.status !== 0) process.exit(1);
}

const client = `
  const reply = await fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", {
    method: "POST",
    headers: { authorization: "Bearer " + process.env.ANTHROPIC_AUTH_TOKEN, "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({ model: process.env.ANTHROPIC_MODEL, max_tokens: 1024, stream: true, messages: [{ role: "user", content: "hello" }] }),
  });
  if (!reply.ok) throw new Error(reply.status + " " + (await reply.text()));
  let rest = "";
  let ended = false;
  for await (const bytes of reply.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + bytes).split("\\n");
    rest = lines.pop();
    for (const line of lines.filter((line) => line.startsWith("data: "))) {
      const event = JSON.parse(line.slice(6));
      if (event.delta?.text) process.stdout.write(event.delta.text);
      ended ||= event.type === "message_stop";
    }
  }
  process.stdout.write("\\n");
  if (!ended) throw new Error("the stream broke off");
`;

function isOnPath(name) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const base = mkdtempSync(join(tmpdir(), "fcc-demo-"));
try {
  const project = join(base, "project");
  mkdirSync(project);
  writeFileSync(join(project, "README.md"), "# A project to look at\n");
  const script = join(base, "client.mjs");
  writeFileSync(script, client);
  const command = isOnPath("claude")
    ? ["claude", "--profile", "demo", "-p", "hello"]
    : ["run", "--profile", "demo", "--", process.execPath, script];
  process.stdout.write(`$ fcc ${command.join(" ")}\n`);
  const { status, signal } = spawnSync(process.execPath, [fcc, ...command], {
    cwd: project,
    // Nothing of the user's own: no configuration, no keys, no login of the client.
    env: { HOME: base, PATH: process.env.PATH, TERM: process.env.TERM ?? "dumb", TMPDIR: process.env.TMPDIR ?? tmpdir() },
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.exitCode = signal ? 1 : (status ?? 1);
} finally {
  rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
