import { quirksFor } from "../../mend/quirks-for.ts";
import type { Failure } from "../../model/failure.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Edit } from "../../route/obstacles.ts";
import { withoutRefused } from "../../route/refused-places.ts";
import { asksForStream } from "../../route/streaming.ts";
import { type Target, targetName } from "../../route/target.ts";
import { askedOutput } from "../../wire/asked-output.ts";
import { thinks } from "../../wire/common-fields.ts";
import { type JsonObject, objectOf } from "../../wire/json.ts";
import { fieldNamed, fieldSpans, rootOf } from "../../wire/json-bytes.ts";
import { keepContentRules } from "../../wire/messages/content-rules.ts";
import { replaceFields } from "../../wire/replace-fields.ts";
import { type Setting, settingsOf, withSetting } from "../../wire/settings.ts";
import type { Exchange, WireAttempt } from "../exchange.ts";
import { fitToTarget } from "../translated/fit-to-target.ts";
import type { Named } from "./body.ts";

export interface Edited extends Named {
  /** The most output that it asks for, in tokens. */
  readonly output: number | undefined;
}

/**
 * The client's body with what stands against it changed, where that is single fields: a setting as the language writes it for this target, a
 * field that the target refuses. All else is what the client wrote, whether the language has a word for it or not.
 */
export async function edited(exchange: Exchange, attempt: WireAttempt): Promise<Edited | { readonly failure: Failure }> {
  const { body, wire } = exchange;
  const edits = attempt.obstacle?.edits;
  if (edits === undefined) return { bytes: body.bytes, model: body.model, output: askedOutput(body.fields) };
  const parsed = body.parse();
  if (parsed.failure !== undefined) return parsed;
  const before = objectOf(parsed.json);
  const written = await writeSettings(exchange, attempt, before);
  if ("failure" in written) return written;
  const { settings, quirks } = written;

  let after = edits.includes("content") ? keepContentRules(before) : before;
  for (const setting of settingsIn(edits, before, attempt.target)) after = withSetting(wire, after, setting, settings);
  // Refused beside thinking, which the server may have demanded where the client asked for none.
  if (!thinks(before) && thinks(after)) after = withSetting(wire, after, "sampling", settings);
  after = withoutRefused(after, before, quirks, wire);
  const bytes = replaceFields(body.bytes, before, after);
  return { bytes, model: fieldNamed(bytes, fieldSpans(bytes, rootOf(bytes)), "model")?.value, output: askedOutput(after) };
}

function settingsIn(edits: readonly Edit[], body: JsonObject, { maxOutput }: Target): readonly Setting[] {
  const settings = new Set<Setting>(
    edits
      .map((edit) => (edit === "room" ? "limit" : edit))
      .filter((edit) => edit !== "refused" && edit !== "content" && edit !== "conversation"),
  );
  // As where a request is written anew, the profile's limit stands for one that the client does not give: some servers stop after very little.
  if (maxOutput !== undefined && askedOutput(body) === undefined) settings.add("limit");
  // A budget is part of the limit.
  if (settings.has("limit") && objectOf(body["thinking"])["type"] === "enabled") settings.add("thinking");
  return [...settings];
}

/** The settings as the language writes them for this target, and the quirks that hold for such a request. */
async function writeSettings(
  exchange: Exchange,
  attempt: WireAttempt,
  body: JsonObject,
): Promise<{ readonly settings: JsonObject; readonly quirks: Quirks } | { readonly failure: Failure }> {
  const { session, wire } = exchange;
  const { wires, ids, clock } = session.options;
  const { target } = attempt;
  const needsRoom = attempt.obstacle?.edits.includes("room") === true;
  const accepted = needsRoom
    ? exchange.accepted()
    : wires.clients[wire].accept(settingsOf(wire, body), { ids, now: Math.floor(clock() / 1000) });
  if ("failure" in accepted) return accepted;
  const fitted = await fitToTarget(exchange, () => accepted.request, attempt);
  if ("failure" in fitted) return fitted;
  const request = { ...fitted.request, stream: asksForStream(attempt.quirks, fitted.request.stream), turns: [], tools: [] };
  const quirks = quirksFor(request.reasoning, attempt.quirks);
  const { body: settings } = wires.providers[wire].open(request, { ids, model: target.model, maker: targetName(target), quirks });
  return { settings, quirks };
}
