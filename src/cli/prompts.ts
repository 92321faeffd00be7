import { updateSettings } from "@clack/prompts";

// Without this ^D closes the input underneath a question: nothing is left to wait for, and fcc ends with 0 as if all had been done.
updateSettings({ aliases: { "\x04": "cancel" } });

/** The questions, of which ^D is a way out as well. */
export * from "@clack/prompts";
