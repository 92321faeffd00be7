import { dirname } from "node:path";
import { reason } from "../config/errors.ts";

/** What the system refused, with what to do about it; undefined for anything that is fcc's own mistake. */
export function systemRefusal(error: unknown, platform = process.platform): readonly [sentence: string, remedy: string] | undefined {
  const refused = (error ?? {}) as NodeJS.ErrnoException;
  const { code, syscall, path } = refused;
  if (code === undefined || syscall === undefined) return undefined;
  const isWindows = platform === "win32";
  if (syscall === "uv_cwd") return ["the working folder is not there any more.", "Change to one that is, and try again."];
  if (syscall === "uv_os_homedir" || syscall === "uv_os_get_passwd")
    return ["this user has no home folder.", `Set ${isWindows ? "USERPROFILE" : "HOME"} to a folder that fcc may write into.`];
  if (code === "EMFILE" || code === "ENFILE")
    return [`no more files can be opened: ${reason(error)}.`, "Raise the limit with `ulimit -n`, or end what has so many open."];
  if (syscall === "listen")
    return [`no port of this machine can be opened for the client: ${reason(error)}.`, "Too much may be open: end what is not needed."];
  if (code === "EFBIG")
    return ["a limit of this shell on the size of files leaves one unwritten.", "Raise it with `ulimit -f`, and try again."];
  // What is written into an open file has no path in its error.
  if (path === undefined)
    return noSpace.has(code)
      ? [`a file cannot be written: ${reason(error)}.`, "Make room in your home, and in the folder for temporary files."]
      : undefined;
  const isTemporary = syscall === "mkdtemp";
  const verb = isTemporary || ["read", "open", "stat", "lstat", "scandir"].includes(syscall) ? "used" : "written";
  const place = isTemporary ? `${dirname(path)}, the folder for temporary files,` : path;
  const sentence = `${place} cannot be ${verb}: ${absent(refused) ?? reason(error)}.`;
  if (noSpace.has(code)) return [sentence, "Make room there."];
  if (code === "EBADMSG") return [sentence, "Mend it, or move it away: a new one is then written."];
  if (code === "EISDIR") return [sentence, "Move it away: a file belongs there."];
  if (isTemporary) return [sentence, `Set ${isWindows ? "TEMP" : "TMPDIR"} to a folder that fcc may write into.`];
  const variables = isWindows ? "APPDATA and LOCALAPPDATA" : "HOME (or XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME)";
  return [sentence, `Give yourself the right to it, or set ${variables} to a folder of your own.`];
}

/** What is said where something is not there. Of a disk that is read-only Node says so too, where it makes a folder with those above it. */
function absent({ code, syscall }: NodeJS.ErrnoException): string | undefined {
  if (code !== "ENOENT") return undefined;
  if (syscall === "mkdtemp") return "it is not there";
  return syscall === "mkdir" ? "no folder can be made there" : undefined;
}

const noSpace = new Set(["ENOSPC", "EDQUOT"]);
