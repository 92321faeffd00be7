import type { JsonSchema } from "../../model/request.ts";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../json.ts";

/**
 * Tools that OpenAI defines and the client runs: a request names only their type, and a call is an item of its own kind. Other models are
 * told what they are for. Names and fields: developers.openai.com/api/docs/guides/tools-shell, tools-local-shell, tools-apply-patch,
 * tools-computer-use.
 */
interface ClientTool {
  readonly description: string;
  readonly parameters: JsonSchema;
  /** What the ids of its calls begin with. */
  readonly prefix: string;
  /** The fields of its call, from what the model gave. */
  readonly call: (given: JsonObject) => JsonObject;
}

const text = (description: string) => ({ type: "string", description });
const texts = (description: string) => ({ type: "array", items: { type: "string" }, description });
const pixels = (description?: string) => ({ type: "integer", ...(description === undefined ? {} : { description }) });
const timeout = { type: "integer", description: "Milliseconds after which a command is stopped." };

/** By the type of the tool, which is the name of the function too. */
export const clientTools: ReadonlyMap<string, ClientTool> = new Map<string, ClientTool>([
  [
    "shell",
    {
      description: "Runs shell commands on the user's machine and returns what each of them printed.",
      parameters: {
        type: "object",
        properties: { commands: texts("The commands, each a line for the shell."), timeout_ms: timeout },
        required: ["commands"],
      },
      prefix: "sh_",
      call: ({ commands, timeout_ms, max_output_length }) => ({
        action: { commands: strings(commands), timeout_ms: number(timeout_ms), max_output_length: number(max_output_length) },
        environment: { type: "local" },
      }),
    },
  ],
  [
    "local_shell",
    {
      description: "Runs a command on the user's machine and returns what it printed.",
      parameters: {
        type: "object",
        properties: {
          command: texts('The program and its arguments, for example ["bash", "-lc", "ls"].'),
          working_directory: text("The folder to run it in."),
          timeout_ms: timeout,
        },
        required: ["command"],
      },
      prefix: "lsh_",
      call: ({ type: _, command, env, ...others }) => ({
        action: { type: "exec", command: strings(command), env: objectOf(env), ...others },
      }),
    },
  ],
  [
    "apply_patch",
    {
      description: "Creates, changes or deletes one file.",
      parameters: {
        type: "object",
        properties: {
          type: { type: "string", enum: ["create_file", "update_file", "delete_file"] },
          path: text("The file's path."),
          diff: text(
            "For create_file: each line of the new file with `+` before it. For update_file: for each place a line `@@`, which may name the function or class it is in, then lines with a space before what stays, `-` before what goes and `+` before what comes.",
          ),
        },
        required: ["type", "path"],
      },
      prefix: "apc_",
      call: ({ type, path, diff }) => ({ operation: { type, path, ...(type === "delete_file" ? {} : { diff: textOf(diff) ?? "" }) } }),
    },
  ],
  [
    "computer",
    {
      description:
        "Does things on a computer with a screen, mouse and keyboard, one after another, and returns a picture of the screen as it is then.",
      parameters: {
        type: "object",
        properties: {
          actions: {
            type: "array",
            items: {
              type: "object",
              properties: {
                type: {
                  type: "string",
                  enum: ["screenshot", "click", "double_click", "move", "drag", "scroll", "type", "keypress", "wait"],
                },
                x: pixels("From the left edge of the screen; for click, double_click, move and scroll."),
                y: pixels("From its upper edge."),
                button: { type: "string", enum: ["left", "right", "wheel", "back", "forward"], description: "For click." },
                path: {
                  type: "array",
                  items: { type: "object", properties: { x: pixels(), y: pixels() }, required: ["x", "y"] },
                  description: "For drag: the points that the mouse is led through.",
                },
                scroll_x: pixels("For scroll: to the right."),
                scroll_y: pixels("For scroll: down."),
                text: text("For type: what to write."),
                keys: texts('For keypress: the keys pressed together, for example ["CTRL", "S"]. Elsewhere: keys that are held meanwhile.'),
              },
              required: ["type"],
            },
          },
        },
        required: ["actions"],
      },
      prefix: "cu_",
      call: (given) => ({ actions: actionsIn(given).map(wholeAction), pending_safety_checks: [] }),
    },
  ],
]);

function actionsIn({ actions, ...given }: JsonObject): readonly JsonObject[] {
  const one = isObject(actions) ? actions : given;
  return Array.isArray(actions) ? actions.filter(isObject) : typeof one.type === "string" ? [one] : [];
}

/** With what a driver cannot do without (OpenAI's own runs nothing of a call that lacks it) and a model leaves out for being plain. */
function wholeAction(action: JsonObject): JsonObject {
  if (action.type === "click") return { button: "left", ...action };
  return action.type === "scroll" ? { scroll_x: 0, scroll_y: 0, ...action } : action;
}

/** Models write one string where a list belongs, and a number in one of words: a command that lost a word would be another. */
const strings = (value: unknown) =>
  typeof value === "string" ? [value] : listOf(value).map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
const number = (value: unknown) => (typeof value === "number" ? value : null);
