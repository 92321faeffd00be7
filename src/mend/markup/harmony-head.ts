import { partialMarker } from "./split-at.ts";

/** How a message of gpt-oss begins when its server leaves the format in the text. */
export const openers = ["<|channel|>analysis", "<|channel|>commentary", "<|channel|>final", "<|start|>assistant"];
/** Stands between a message's header and its body. */
export const message = "<|message|>";
/** Where the prompt ends with `<|channel|>`, or the server takes the first tokens away, the header is what is left of it. */
const heads = ["analysis", "commentary", "final", ""].map((channel) => `${channel}${message}`);
/** The same header with a recipient, as far as that tells it from a sentence. */
const headOfCall = /^(?:analysis|commentary) to=functions\.[\w.-]{1,180}(?=\s?<\|)/;
/** Where the prompt ends with `<|start|>assistant`, a recipient before the channel. */
const recipientFirst = /^to=[^\s<]{1,180}\s{0,9}(?=<\|channel\|>(?:analysis|commentary|final)|<\|start\|>assistant)/;
/** Muse Glimmer has recipients and no channels: itself, the user, or a tool. */
const recipientAlone = /^to=[^\s<]{1,180}<\|message\|>/;
const behindRecipient = [...openers, message];
const longestIndent = 200;
const recipientMaybe = /^(?:(?:analysis|commentary) )?(?:t|to|to=[^\s<]{0,180}\s{0,9})$|^(?:analysis|commentary) ?$/;

/** A role, tokens and a recipient, and a word or two for the body's format; a message that ended before its body too. */
const headerWords =
  /^(?:\s{0,9}[\w-]{1,64}){0,2}(?:\s{0,9}(?:<\|start\|>[\w.-]{0,64}|<\|\w{1,16}\|>\s?[\w-]{0,64}|to=[^\s<]{0,200}(?=[\s<]|$))){0,8}(?:\s{1,9}[\w-]{1,64}){0,2}\s{0,9}$/;
/** Longer than any that matches. */
export const longestHeader = 4096;
/** A token or a recipient that has begun. */
const unfinished = /(?:<\|?\w{0,9}\|?|\bto?)$/;

/** Whether what stands before a body, as far as it has come, may be its header; else it is a sentence that speaks of a token. */
export function maybeHeader(text: string): boolean {
  return headerWords.test(text.replace(unfinished, ""));
}

interface Head {
  readonly header: string;
  /** The body follows; otherwise more of the header does. */
  readonly isWhole: boolean;
  readonly rest: string;
}

/** The header at the beginning of a text whose first tokens are gone; "perhaps" where what follows may make it one, or a recipient before one. */
export function headOf(text: string): Head | "perhaps" | undefined {
  const body = text.trimStart();
  if (text.length - body.length >= longestIndent) return undefined;
  const head = heads.find((one) => body.startsWith(one));
  if (head !== undefined) return { header: `<|channel|>${head}`, isWhole: true, rest: body.slice(head.length) };
  const recipient = recipientAlone.exec(body)?.[0];
  if (recipient !== undefined) return { header: recipient, isWhole: true, rest: body.slice(recipient.length) };
  const begun = (headOfCall.exec(body) ?? recipientFirst.exec(body))?.[0];
  if (begun !== undefined) return { header: begun, isWhole: false, rest: body.slice(begun.length) };
  const settled = body.slice(0, body.length - partialMarker(body, behindRecipient));
  return heads.some((one) => one.startsWith(body)) || recipientMaybe.test(settled) ? "perhaps" : undefined;
}
