import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
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

export interface Compiled<Exports> {
  readonly exports: Exports;
  /**
   * Takes what has been compiled by now, of each script of which nothing is kept yet. V8's settings have to be those under which it was
   * compiled.
   */
  take(): void;
  /** Keeps for the next start what was taken, and takes before what was not. Never fails. */
  keep(): void;
}

const head = "(function(exports,require,module,__filename,__dirname){//";
const buildLength = 16;

/** A CommonJS script as it is run here, with its build's hash in front: put around it at a start, all of it would be copied. */
export const runnable = (script: string, build: string) => `${head}${build}\n${script}\n})`;

/**
 * Runs a CommonJS script, made `runnable`, that requires nothing but Node's own modules and scripts of its kind beside it. Compiling it is
 * half of what a start takes, so V8's compiled form is kept in `folder`, named after exactly this script and this Node.
 *
 * It is code: only what this user alone can write, in a folder that this user alone can write, is read, and V8 itself would not see that
 * a file is damaged. Whatever is wrong with it, the script is compiled anew. NODE_DISABLE_COMPILE_CACHE=1 is Node's own way to refuse it.
 */
export function runCompiled<Exports>(file: string, folder: string): Compiled<Exports> {
  const source = readFileSync(file, "latin1");
  const build = source.slice(head.length, head.length + buildLength);
  const name = [build, basename(file, ".js"), process.version, process.arch].join("-");
  const refused = Boolean(process.env["NODE_DISABLE_COMPILE_CACHE"]);
  const kept = refused ? undefined : readKept(folder, name);
  const script = new Script(source, { filename: file, ...(kept === undefined ? {} : { cachedData: kept }) });
  let written = refused || (kept !== undefined && script.cachedDataRejected === false);
  const besides = new Map<string, Compiled<unknown>>();
  const require = (id: string): unknown => {
    if (!id.startsWith("./")) return process.getBuiltinModule(id);
    const beside = besides.get(id) ?? runCompiled(join(dirname(file), id), folder);
    besides.set(id, beside);
    return beside.exports;
  };
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  let taken: Buffer | undefined;
  const takeOwn = () => {
    if (!written) taken ??= script.createCachedData();
  };
  return {
    exports: module.exports as Exports,
    take() {
      for (const beside of besides.values()) beside.take();
      takeOwn();
    },
    keep() {
      for (const beside of besides.values()) beside.keep();
      takeOwn();
      if (taken === undefined) return;
      written = true;
      try {
        writeKept(folder, name, taken);
      } catch {
        // Without a folder of its own, each start compiles anew.
      }
      taken = undefined;
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

/** Nobody else can write it. */
function isOurs({ uid, mode }: Stats): boolean {
  const own = process.getuid?.();
  return own === undefined || (uid === own && (mode & 0o022) === 0);
}

/** Whole or not at all, and what other builds of fcc kept goes. */
function writeKept(folder: string, name: string, data: Buffer): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOurs(lstatSync(folder))) return;
  const draft = join(folder, `${name}.${process.pid}`);
  try {
    // Not forced to the disk, for which requests and signals would wait: what a crash leaves unwritten, the digest tells.
    writeFileSync(draft, Buffer.concat([digestOf(data), data]), { flag: "wx", mode: 0o600 });
    renameSync(draft, join(folder, name));
  } finally {
    rmSync(draft, { force: true });
  }
  const build = name.slice(0, buildLength);
  for (const other of readdirSync(folder)) if (!other.startsWith(build)) rmSync(join(folder, other), { force: true, recursive: true });
}
