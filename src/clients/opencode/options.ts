import { type OptionTable, valuedOptions } from "../options.ts";

/** OpenCode's options that take values, as `opencode --help` and `opencode run --help` of 1.18.33 list them. */
export const opencodeOptions: OptionTable = {
  alias: { "-m": "--model", "-s": "--session", "-f": "--file", "-p": "--password", "-u": "--username", "-h": "--help", "-v": "--version" },
  valued: valuedOptions({
    one:
      "--agent --attach --command --dir --format --hostname --log-level --mdns-domain --model --password --port --prompt " +
      "--replay-limit --session --title --username --variant",
    many: "--cors --file",
  }),
  noSession: {
    options: ["--help", "--version"],
    commands: new Set("completion mcp attach debug providers auth upgrade uninstall stats export import session plugin plug db".split(" ")),
  },
};
