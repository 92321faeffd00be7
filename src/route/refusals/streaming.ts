import type { Lesson } from "./lesson.ts";

/** What a server says that answers in one form only. The client gets the form that it asked for all the same. */
export const ofStreaming: readonly Lesson[] = [
  // DashScope: "This model only support stream mode, please enable the stream parameter to access the model."; of a model that thinks,
  // "parameter.enable_thinking must be set to false for non-streaming calls"; ModelScope: "enable thinking can not be support when `stream=False`".
  {
    says: /only supports? stream|\bfalse(?: for non-?stream|才能进行非流式)|\bnot be support(?:ed)? when [`'"]?stream ?= ?false|\bnon-?stream(?:ing)?\b[^.]{0,40}(?:not |un)supported|(?<!non-?)\bstream(?:ing)?[`'"]? (?:mode )?(?:is required|must be (?:set to )?[`'"]?(?:true|enabled))|\b(?:requires|must use) stream(?:ing)?\b/i,
    quirks: { streams: "always" },
  },
  // OpenAI: "Your organization must be verified to stream this model", "'stream' does not support true with this model".
  {
    says: /only supports? non-?stream|(?<!non-?)\bstream(?:ing)?[`'"]? (?:mode )?(?:is |are )?not (?:yet |currently )?(?:supported|allowed|available|enabled)|does(?: not|n't) support stream(?:ing)?\b(?! options)|\bstream[`'"]? must be (?:set to )?[`'"]?false|must be verified to stream|\bstream[`'"]? does not support true/i,
    quirks: { streams: "never" },
  },
];
