import { defined } from "../model/defined.ts";
import { type Failure, withAdvice } from "../model/failure.ts";
import { maskOf, secretsIn, withoutSecretsIn } from "../route/secrets.ts";
import type { Provider, Target } from "../route/target.ts";
import type { Session } from "./session.ts";

/** Adds to a failure what only the proxy knows: the provider and its address, the model, the source of a refused key. Takes secrets out. */
export function attributeFailure(session: Session, failure: Failure, { provider, model }: Target, url: string): Failure {
  const current = session.secrets.of(provider);
  const clean = maskOf(secretsIn(current));
  const { kind, details, code, param, limitHeaders } = failure;
  const repeated = withoutSecretsIn(defined({ details, code, param, limitHeaders }), clean) as Partial<Failure>;
  const name = `${provider.id} at ${new URL(url).origin}`;
  const said = clean(failure.message);
  const message = tooManyTools.test(said) ? `${said} ${fewerTools}` : said;
  const attributed = { ...failure, ...repeated, message, provider: failure.provider ?? name };
  if (kind === "unauthorized" || kind === "forbidden") {
    if (current.keys.length === 0)
      return { ...attributed, ...withoutKey(provider, `${name} wants a key and there is none. It said: ${message}`) };
    const source = provider.keySource === undefined ? "" : ` from ${provider.keySource}`;
    return { ...attributed, message: `${name} ${ofKey[kind]}${source}: ${message}` };
  }
  return kind === "not-found" && speaksOfModel(failure) ? { ...attributed, model } : attributed;
}

/** OpenAI: "Invalid 'tools': array too long. Expected an array with maximum length 128"; Groq: "'tools' : maximum number of items is 128". */
const tooManyTools = /'tools'\s?: (?:array too long|maximum number of items)/i;
const fewerTools = "(Each MCP server adds its tools to every request: switch off those that this session can do without.)";

/** A key that opens other things is no wrong key: a model of another plan, an organisation that is not verified, a region. */
const ofKey = { unauthorized: "refused the key", forbidden: "refused access with the key" } as const;

/** What a provider said that was asked without a key, and how to give it one. */
function withoutKey({ id, row }: Provider, what: string): Pick<Failure, "message" | "advice"> {
  const variable = row.key?.env[0];
  if (variable === undefined) return { message: what };
  return withAdvice(/[.!?]$/.test(what) ? what : `${what}.`, `Set ${variable}, or run \`fcc keys set ${id}\`.`);
}

/** Whether a 404 is about the model. Otherwise the address is wrong. */
export const speaksOfModel = ({ message }: Failure): boolean => /model/i.test(message);
