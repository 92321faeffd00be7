import type { Machine } from "../clients/client.ts";

/** What the machine is, as the clients' packages tell it apart. */
export function thisMachine(): Machine {
  const { platform, arch } = process;
  let musl: boolean | undefined;
  return {
    platform,
    arch,
    get musl() {
      musl ??= platform === "linux" && isMusl();
      return musl;
    },
  };
}

/** Only a glibc build of Node reports glibc's version. The report is slow with network interfaces in it. */
function isMusl(): boolean {
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
