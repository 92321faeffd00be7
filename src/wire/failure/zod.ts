/**
 * What Zod says of a value, as Pydantic says it, by whose words refusals are known. Zod checks the requests of LM Studio ("request.messages.1.role:
 * Invalid discriminator value. Expected 'user' | 'assistant'") and of gateways in TypeScript, and Ajv those of gateways on Fastify
 * ("body/messages/1/role must be equal to one of the allowed values").
 */
export function inWordsOfPydantic(message: string): string {
  return message
    .replace(notAllowed, (_, path: string) => `${path.replaceAll("/", ".")}: Input should be an allowed value`)
    .replace(expected, (said: string, path: string, list: string, received: string | undefined) => {
      const values = valuesOf(list);
      // Of a chat's roles it is another that is refused, "developer"; and a role that nobody knows is the program's own fault.
      const isOtherRole = values.includes("system") || (/\brole: $/.test(path) && (received ?? "system") !== "system");
      return isOtherRole ? said : path + inputShouldBe(path, values, received);
    });
}

/** The first message of a chat is a system message, whose role may be the one that is refused. */
const notAllowed = /\bbody\/(?!messages\/0\/role\b)([\w./-]{1,400}) must be equal to one of the allowed values/g;
/** Zod 3 and Zod 4, of one value or of several. */
const expected =
  /((?:[\w.[\]-]{1,400}: )?)(?:invalid (?:discriminator|enum|literal) value[.,] expected|invalid (?:option|input): expected(?: one of)?) ((?:["'][\w.:-]{1,60}["'](?: ?\| ?)?){1,40})(?:, received ["']([\w.:-]{0,60})["'])?/gi;

const valuesOf = (list: string): readonly string[] => list.split("|").map((value) => value.replaceAll(/["' ]/g, ""));

/** Which block of a message is not known is often not said: thinking then, where a server does not name it among those that it takes. */
function inputShouldBe(path: string, values: readonly string[], received: string | undefined): string {
  const list = values.map((value) => `'${value}'`).join(" or ");
  const isBlock = /\bcontent\b/.test(path) && values.includes("text") && values.includes("tool_use");
  const block = received ?? (values.includes("thinking") ? undefined : "thinking");
  return `Input should be ${list}${isBlock && block !== undefined ? `, not '${block}'` : ""}`;
}
