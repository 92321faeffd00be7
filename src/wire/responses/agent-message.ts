import { isObject, listOf, textOf } from "../json.ts";

/**
 * What one of Codex's agents says to another: `{type: "agent_message", author, recipient, content}`. OpenAI's servers encrypt the task in it;
 * of any other server Codex carries the model's own words in the field of what is encrypted.
 */
export function agentContent(content: unknown): readonly unknown[] {
  return listOf(content).map((part) => {
    const given = encryptedIn(part);
    if (given === undefined) return part;
    return { type: "input_text", text: fernetToken.test(given) ? "[encrypted for another provider; it cannot be read here]" : given };
  });
}

/** Some agent's task stands in the request in plain words where a server looks for encrypted ones. */
export function carriesPlainTask(body: unknown): boolean {
  const isPlain = (part: unknown) => {
    const given = encryptedIn(part);
    return given !== undefined && !fernetToken.test(given);
  };
  return listOf(isObject(body) ? body.input : undefined).some(
    (item) => isObject(item) && item.type === "agent_message" && listOf(item.content).some(isPlain),
  );
}

function encryptedIn(part: unknown): string | undefined {
  return isObject(part) && part.type === "encrypted_content" ? textOf(part.encrypted_content) : undefined;
}

/** OpenAI's encryption: base64url of a version byte 0x80 and a time of 64 bits. */
const fernetToken = /^gAAAA[\w-]*=*$/;
