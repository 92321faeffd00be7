import type { JsonSchema } from "../../model/request.ts";

/**
 * Tools that Anthropic defines and the client runs: a request names only their type, the model knows the rest. Other models are told
 * it. Names, parameters and meaning: platform.claude.com/docs/en/agents-and-tools.
 */
interface ClientTool {
  readonly type: RegExp;
  readonly description: string;
  readonly parameters: JsonSchema;
}

const text = (description: string) => ({ type: "string", description });
const pair = (description: string) => ({ type: "array", items: { type: "integer" }, minItems: 2, maxItems: 2, description });

const editorFields = {
  path: text("Path of the file or folder."),
  file_text: text("For create: the whole content of the new file."),
  old_str: text("For str_replace: the text to replace; it must occur exactly once."),
  new_str: text("For str_replace: the new text. For insert: the text to insert."),
  insert_line: { type: "integer", description: "For insert: the line after which the text goes; 0 is the start of the file." },
  view_range: pair("For view: the first and the last line; -1 is the end of the file."),
};

const insertText = text("For insert: the text to insert.");
const edits = ["view", "create", "str_replace", "insert"];
const oneOf = (...values: readonly string[]) => ({ type: "string", enum: values });
const editor = (type: RegExp, properties: JsonSchema): ClientTool => ({
  type,
  description: "Views, creates and edits files.",
  parameters: { type: "object", properties, required: ["command", "path"] },
});

export const clientTools: readonly ClientTool[] = [
  {
    type: /^bash_\d+$/,
    description: "Runs a command in a persistent bash session and returns its output.",
    parameters: {
      type: "object",
      properties: { command: text("The command to run."), restart: { type: "boolean", description: "true starts the session anew." } },
    },
  },
  editor(/^text_editor_(?:20241022|20250124)$/, { command: oneOf(...edits, "undo_edit"), ...editorFields }),
  editor(/^text_editor_\d+$/, { command: oneOf(...edits), ...editorFields, insert_text: insertText }),
  {
    type: /^memory_\d+$/,
    description: "Keeps notes in files under /memories, which outlive the conversation.",
    parameters: {
      type: "object",
      properties: {
        command: oneOf(...edits, "delete", "rename"),
        ...editorFields,
        insert_text: insertText,
        old_path: text("For rename: the path as it is."),
        new_path: text("For rename: the path as it shall be."),
      },
      required: ["command"],
    },
  },
  {
    type: /^computer_\d+$/,
    description: "Controls a computer's screen, mouse and keyboard.",
    parameters: {
      type: "object",
      properties: {
        action: text(
          "key, type, mouse_move, left_click, left_click_drag, right_click, middle_click, double_click, triple_click, scroll, wait, screenshot, cursor_position",
        ),
        coordinate: pair("x and y in pixels from the upper left corner."),
        start_coordinate: pair("Where a drag starts."),
        text: text("What to type, or the key to press."),
        scroll_direction: { type: "string", enum: ["up", "down", "left", "right"] },
        scroll_amount: { type: "integer" },
        duration: { type: "number", description: "Seconds." },
      },
      required: ["action"],
    },
  },
];
