import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";
import { makeFolder } from "../src/system/make-folder.ts";

export interface Compiled<Exports> {
  readonly exports: Exports;
  /**
   * Serializes what V8 has compiled so far, for each script that has no cache yet. V8's settings must still be those under which it was
   * compiled.
   */
  capture(): void;
  /** Writes the cache for the next start, and captures first what has not been captured. Never fails. */
  save(): void;
}

const head = "(function(exports,require,module,__filename,__dirname){//";
const buildLength = 16;

/** A CommonJS script in the form that `runCompiled` runs: wrapped at build time, since doing so at each start would copy all of it. */
export const runnable = (script: string, build: string) => `${head}${build}\n${script}\n})`;

/**
 * Runs a CommonJS script, made `runnable`, that requires only Node's own modules and scripts like itself in the same folder. Compiling takes
 * half of a start, so V8's code cache is kept in `folder`, under a name of this build, script and Node version.
 *
 * The cache is executable code, and V8 does not notice a damaged one: it is read only if nobody but this user can write the file and the
 * folder, and its digest is right. Otherwise the script is compiled again. NODE_DISABLE_COMPILE_CACHE=1, as for Node itself, switches it off.
 */
export function runCompiled<Exports>(file: string, folder: string): Compiled<Exports> {
  const source = readFileSync(file, "latin1");
  const build = source.slice(head.length, head.length + buildLength);
  const name = [build, basename(file, ".js"), process.version, process.arch].join("-");
  const isDisabled = Boolean(process.env["NODE_DISABLE_COMPILE_CACHE"]);
  const kept = isDisabled ? undefined : readKept(folder, name);
  const script = new Script(source, { filename: file, ...(kept === undefined ? {} : { cachedData: kept }) });
  let isWritten = isDisabled || (kept !== undefined && script.cachedDataRejected === false);
  const required = new Map<string, Compiled<unknown>>();
  const require = (id: string): unknown => {
    if (!id.startsWith("./")) return process.getBuiltinModule(id);
    const other = required.get(id) ?? runCompiled(join(dirname(file), id), folder);
    required.set(id, other);
    return other.exports;
  };
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  let captured: Buffer | undefined;
  const captureOwn = () => {
    if (!isWritten) captured ??= script.createCachedData();
  };
  return {
    exports: module.exports as Exports,
    capture() {
      for (const other of required.values()) other.capture();
      captureOwn();
    },
    save() {
      for (const other of required.values()) other.save();
      captureOwn();
      if (captured === undefined) return;
      isWritten = true;
      try {
        writeKept(folder, name, captured);
      } catch {
        // Without a folder to write to, each start compiles again.
      }
      captured = undefined;
    },
  };
}

const digestOf = (data: Uint8Array) => createHash("sha1").update(data).digest();
const digestLength = 20;

function readKept(folder: string, name: string): Buffer | undefined {
  let file: number | undefined;
  try {
    if (!isOurs(lstatSync(folder))) return undefined;
    file = openSync(join(folder, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    if (!isOurs(fstatSync(file))) return undefined;
    const content = readFileSync(file);
    const data = content.subarray(digestLength);
    return digestOf(data).equals(content.subarray(0, digestLength)) ? data : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Whether nobody but this user can write a file or folder. */
function isOurs({ uid, mode }: Stats): boolean {
  const own = process.getuid?.();
  return own === undefined || (uid === own && (mode & 0o022) === 0);
}

/** Writes a cache, whole or not at all, and removes those of other builds. */
function writeKept(folder: string, name: string, data: Buffer): void {
  makeFolder(folder);
  if (!isOurs(lstatSync(folder))) return;
  const draft = join(folder, `${name}.${process.pid}`);
  try {
    // Not synced to the disk, for which requests and signals would wait: the digest shows a file that a crash left incomplete.
    writeFileSync(draft, Buffer.concat([digestOf(data), data]), { flag: "wx", mode: 0o600 });
    renameSync(draft, join(folder, name));
  } finally {
    rmSync(draft, { force: true });
  }
  const build = name.slice(0, buildLength);
  for (const other of readdirSync(folder)) if (!other.startsWith(build)) rmSync(join(folder, other), { force: true, recursive: true });
}
