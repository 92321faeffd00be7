import type { Lesson } from "./lesson.ts";

/** What a server says that answers in one form only. The client gets the form that it asked for all the same. */
export const ofStreaming: readonly Lesson[] = [
  // DashScope: "This model only support stream mode, please enable the stream parameter to access the model."; of a model that thinks,
  // "parameter.enable_thinking must be set to false for non-streaming calls"; ModelScope: "enable thinking can not be support when `stream=False`".
  {
    says: [
      /only supports? stream|\bonly (?:accepts? |allows? )?[`'"]?stream(?:ing)?[`'"]?(?: ?[:=] ?[`'"]?true\b| (?:mode|requests?|responses?|is|are)\b)/i,
      /\bfalse(?: for non-?stream|才能进行非流式)|\bnot be support(?:ed)? when [`'"]?stream ?= ?false/i,
      /\bnon-?stream(?:ing)?\b[^.]{0,40}(?:(?:not |un)supported|disabled)|\bstream[`'"]? ?[:=] ?[`'"]?false[`'"]? (?:is |are )?(?:not |un)(?:supported|allowed)/i,
      /(?<!non-?)\bstream(?:ing)?[`'"]? (?:mode |parameter )?(?:is required|(?:must|should|has to) be (?:set to )?[`'"]?(?:true(?![`'"]? or [`'"]?false)|enabled))/i,
      /\b(?:requires|must use) stream(?:ing)?\b|(?<!\bstream_?options\b.*)\bset [`'"]?stream[`'"]?(?: to | ?[:=] ?)[`'"]?true\b(?![`'"]? or [`'"]?false)/i,
    ],
    quirks: { streams: "always" },
  },
  // OpenAI: "Your organization must be verified to stream this model", "'stream' does not support true with this model". llama.cpp before it could
  // stream calls, with the status 500: "Cannot use tools with stream". A server that refuses something else "with
  // stream=true" (a schema, `logprobs`) streams what asks for none of it, which is nearly all that an agent asks.
  {
    says: [
      /\bonly (?:supports? |accepts? |allows? )?(?:non-?stream|[`'"]?stream[`'"]? ?[:=] ?[`'"]?false)|\bset [`'"]?stream[`'"]?(?: to | ?[:=] ?)[`'"]?false\b/i,
      /(?<!non-?)\bstream(?:ing)?[`'"]? (?:mode )?(?:is |are )?not (?:yet |currently )?(?:supported|allowed|available|enabled)/i,
      /(?<!\bwith [`'"]?)\bstream[`'"]? ?[:=] ?[`'"]?true[`'"]? (?:is |are )?(?:not |un)(?:supported|allowed)|\bstream[`'"]? must be (?:set to )?[`'"]?false/i,
      /does(?: not|n't) support stream(?:ing)?\b(?! options)|must be verified to stream|\bstream[`'"]? does not support true|\bcannot use tools with stream(?:ing)?\b/i,
    ],
    quirks: { streams: "never" },
  },
];
