import type { FailureKind } from "../../model/failure.ts";
import { type Sentences, saysAny } from "./sentences.ts";

/** What a sentence means beside its status, for servers that have no word for it, or a vague one. */
export function kindOfMessage(status: number, message: string): FailureKind | undefined {
  return sentences.find(({ at, says }) => at(status) && saysAny(message, says))?.kind;
}

/** An error inside a reply has no status of its own. */
const inReply = (status: number) => status < 300;

/** The first that fits counts. `at`: the statuses beside which it does; others say more than the sentence. */
const sentences: readonly { readonly kind: FailureKind; readonly at: (status: number) => boolean; readonly says: Sentences }[] = [
  {
    // Limits that are not back in minutes.
    kind: "out-of-quota",
    at: (status) => status === 403 || status === 429,
    says: [
      /\bbilling\b/i,
      /monthly (?:usage |spend(?:ing)? )?limit/i,
      /available balance/i,
      /usage limit for this (?:period|cycle|billing)/i,
      /(?:session|hourly|\d+-hour|daily|weekly) usage (?:limit|quota)/i,
      /used up your (?:daily|monthly)/i,
      /free-models-per-day/i,
      /free tier of the model has been exhausted/i,
    ],
  },
  {
    kind: "out-of-quota",
    at: (status) => status !== 401 && status < 500,
    says: [
      /insufficient (?:balance|credits?|funds|quota)/i,
      /credit balance is too low/i,
      /out of credits/i,
      /exceeded your current quota/i,
      /billing (?:hard )?limit/i,
      /payment required/i,
      /requires more credits/i,
      /add (?:more )?credits/i,
      /spending limit/i,
      /negative balance/i,
      /balance is insufficient/i,
      /credits are depleted/i,
      /(?:doesn't|don't|not) have any credits/i,
      /key limit exceeded/i,
      /specified (?:workspace )?api usage limits/i,
    ],
  },
  {
    kind: "unauthorized",
    at: (status) => inReply(status) || status === 400 || status === 403,
    says: [
      /api key not (?:valid|found)/i,
      /invalid (?:api[ _-]?key|x-api-key|authentication)/i,
      /incorrect api key/i,
      /no (?:api[ _-]?key|auth credentials)/i,
      /missing api[ _-]?key/i,
      /authentication (?:failed|required)/i,
    ],
  },
  {
    kind: "filtered",
    at: (status) => inReply(status) || status === 400 || status === 403 || status === 422,
    says: [
      /content (?:management )?policy/i,
      /content.?filter/i,
      /(?:flagged|blocked) by.{0,40}(?:moderation|safety|filter|policy)/i,
      /flagged (?:for|as potentially violating)/i,
      /content exists risk/i,
      /violates (?:our )?usage (?:guidelines|polic)/i,
      /data may contain inappropriate content/i,
      /safety (?:system|filter)/i,
    ],
  },
  {
    kind: "not-found",
    at: (status) => inReply(status) || status === 400 || status === 422,
    says: [
      /model.{0,120}(?:not found|not exist|has been (?:decommissioned|deprecated|removed)|is not available|no longer (?:available|supported))/i,
      /\bmodel:? [`'"]?[\w./:-]+[`'"]? is not supported/i,
      /requested model is not supported/i,
      /model identifier is invalid/i,
      /unable to access (?:non-serverless )?model/i,
      /(?:unknown|invalid|no such) model\b/i,
      /not a valid model/i,
      /model_not_found/i,
    ],
  },
  {
    // A country in which Google, and OpenAI, do not answer.
    kind: "refused-by-policy",
    at: (status) => status === 400 || status === 403,
    says: /location is not supported|country, region,? or territory not supported/i,
  },
  {
    // At OpenRouter: what an account allows leaves no host for the model, which is there.
    kind: "refused-by-policy",
    at: (status) => status === 404,
    says: /\bmatching your (?:guardrail|data policy)|no allowed providers are available|all providers have been ignored/i,
  },
  // Google, of pictures above all: "Request payload size exceeds the limit: 20971520 bytes." Claude Code says what can be done beside a 413.
  { kind: "too-large", at: (status) => status === 400, says: /\brequest payload size exceeds the limit\b/i },
  // GitHub Copilot, of a conversation that another token began: the key is as good as it was.
  { kind: "bad-request", at: (status) => status === 401, says: /input item id does not belong to this connection/i },
  {
    // What passes, though the status blames the request: NVIDIA's word for a function that is down, LM Studio's for a model that it loads again,
    // or unloads for another; Ollama's where ollama.com ended the connection.
    kind: "overloaded",
    at: () => true,
    says: [
      /degraded function cannot be invoked/i,
      /the model has crashed/i,
      /\bmodel (?:was unloaded while|has unloaded or crashed|(?:is )?unloaded\b|reloaded\b)/i,
      /\bfailed to load model\b.{1,200}\boperation canceled/i,
      /^unexpected EOF$/i,
    ],
  },
  {
    kind: "overloaded",
    at: (status) => inReply(status) || status >= 500,
    says: [
      /overloaded/i,
      /at capacity/i,
      /over capacity/i,
      /(?:no|insufficient) (?:available )?capacity/i,
      /capacity (?:constraints|exceeded)/i,
      /server (?:is )?busy/i,
      /too many concurrent/i,
      /no (?:healthy|available) (?:upstream|server|instance|worker)/i,
      /maximum pending requests/i,
    ],
  },
  {
    // NVIDIA, of a rate: gRPC's word for it.
    kind: "rate-limited",
    at: (status) => status !== 401 && status !== 403,
    says: /\bresource_?exhausted\b/i,
  },
  { kind: "rate-limited", at: inReply, says: /rate limit|too many requests/i },
  { kind: "timed-out", at: inReply, says: /timed? ?out/i },
  {
    // Errors of the request that llama.cpp, Ollama and LiteLLM answer with 500, and LM Studio in a stream, which clients would send again and
    // again. SGLang has had "Internal server error: " and a 500 before all that its template refuses (serving_base.py).
    kind: "bad-request",
    at: (status) => inReply(status) || status >= 500,
    says: [
      /image input is not supported/i,
      /'(?:messages|input|prompt)' is required/i,
      /expected 'content' to be/i,
      /concatenate str \(not "NoneType"/i,
      // Python's word for null where it is all that is said: after a gateway's own words it is another server's reply that broke.
      /^'NoneType' object is not iterable$/i,
      /^'(?:AdditionalTools|Response\w{2,})' object has no attribute 'get'$/i,
      /failed to parse (?:tools|grammar|tool call arguments)/i,
      /cannot use tools with stream(?:ing)?\b/i,
      /cannot pass both content and thinking/i,
      /^template: /i,
      /json\.exception/i,
      /unable to generate parser/i,
      /jinja/i,
      /raise_exception/i,
      /roles must alternate/i,
      /only supports single tool-calls/i,
      /no user query found/i,
      /system message must be at the beginning/i,
      /\bat row \d+, column \d+:/i,
      /roles? (?:not|are) supported/i,
      /does(?: not|n't) support/i,
      // None is what a model wrote badly once. OpenAI: "The model produced invalid content".
      /(?<!\b(?:produced|generated) (?:an )?)invalid (?:message|role|content|tool)/i,
    ],
  },
];
