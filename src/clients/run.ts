import type { Prepared, Start } from "./client.ts";
import { withoutProxy } from "./no-proxy.ts";
import { tokenVariable } from "./token-variable.ts";

/** `fcc run`: any program that reads one of the common variables. Its arguments stay as they are. */
export function prepareRun(start: Start): Prepared {
  const { proxy, models, extra } = start;
  return {
    args: [...extra.args, ...start.args],
    files: [],
    env: {
      ANTHROPIC_BASE_URL: proxy.url,
      // LiteLLM and LangChain would go where these say.
      ANTHROPIC_API_BASE: undefined,
      ANTHROPIC_API_URL: undefined,
      // LangChain would go through it to the launch's own address too, whatever NO_PROXY says.
      ANTHROPIC_PROXY: undefined,
      OPENAI_PROXY: undefined,
      // The SDKs send these in place of their own, and a gateway's users have its Authorization in them.
      ANTHROPIC_CUSTOM_HEADERS: undefined,
      OPENAI_CUSTOM_HEADERS: undefined,
      ANTHROPIC_AUTH_TOKEN: proxy.token,
      // Claude Code, in a shell say, would ask at each launch whether to use it, and write the answer down.
      ANTHROPIC_API_KEY: undefined,
      ANTHROPIC_MODEL: models.main.wireId,
      // The SDKs of OpenAI put their paths behind an address that already has the version.
      OPENAI_BASE_URL: `${proxy.url}/v1`,
      // LlamaIndex reads this one only, and LangChain before the other.
      OPENAI_API_BASE: `${proxy.url}/v1`,
      OPENAI_API_KEY: proxy.token,
      OPENAI_MODEL: models.main.wireId,
      FCC_URL: proxy.url,
      [tokenVariable]: proxy.token,
      ...withoutProxy(start.env),
      ...extra.env,
    },
  };
}
