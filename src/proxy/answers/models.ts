import { namesInShort } from "../../route/by-part.ts";
import { nearest } from "../../route/nearest.ts";
import { allTargets, resolveModel, targetsOf, withoutWindowMark } from "../../route/plan.ts";
import { type Target, targetName } from "../../route/target.ts";
import { type Role, wireIds } from "../../route/wire-ids.ts";
import type { Incoming } from "../exchange.ts";
import { type Session, windowOf } from "../session.ts";

/** GET /v1/models and /v1/models/{id}: this launch's tiers, then its targets, in Anthropic's form or OpenAI's, depending on the headers. */
export function answerModels({ session, id, request, downstream }: Incoming, asked: string | undefined): void {
  const { profile, wires, clock } = session.options;
  const anthropic = request.headers["anthropic-version"] !== undefined;
  const created = Math.floor(clock() / 1000);
  const listed: readonly (readonly [string, Target])[] = [
    ...(Object.entries(wireIds(profile)) as [Role, string][]).map(([role, name]) => [name, targetsOf(profile, role)[0]] as const),
    ...allTargets(profile).map((target) => [targetName(target), target] as const),
  ];
  const show = ([name, target]: readonly [string, Target]) =>
    anthropic ? asAnthropic(session, name, target, created) : asOpenAi(session, name, target, created);
  if (asked === undefined) {
    const body = anthropic ? pageOf(listed.map(show), request.url ?? "") : { object: "list", data: listed.map(show) };
    downstream.answer({ status: 200, headers: {}, body });
    return;
  }
  const name = withoutWindowMark(asked);
  const found = listed.find(([listedName]) => listedName === name) ?? meant(session, name);
  if (found !== undefined) {
    downstream.answer({ status: 200, headers: {}, body: show(found) });
    return;
  }
  const names = listed.map(([listedName]) => listedName);
  const near = nearest(name, names);
  const hint = near === undefined ? ` The models are ${namesInShort(names)}.` : ` Did you mean "${near}"?`;
  const failure = { kind: "not-found", origin: "fcc", message: `There is no model "${asked}" in this launch.${hint}` } as const;
  downstream.answer(wires.clients[anthropic ? "messages" : "chat"].writeFailure(failure, id));
}

/** A name that is not listed but that a request for a reply understands: a client's own name for a tier, a provider's model by its full name. */
function meant(session: Session, asked: string): readonly [string, Target] | undefined {
  const plan = resolveModel(session.options.profile, asked, session.options.listed);
  if ("failure" in plan) return undefined;
  // A request for a reply takes any other name for the main model, and `opus:x` for the opus tier. Here such a model does not exist.
  const isOther = plan.role === "main" ? asked !== "main" : asked.includes(":") && plan.role !== "exact";
  return isOther ? undefined : [asked, plan.targets[0]];
}

type Shown = Readonly<Record<string, unknown>> & { readonly id: string };

/** A page of Anthropic's list: `limit` entries after `after_id` or before `before_id`. */
function pageOf(models: readonly Shown[], url: string): unknown {
  const query = new URLSearchParams(url.replace(/^[^?]*\??/, ""));
  const place = (name: string) => models.findIndex(({ id }) => id === query.get(name));
  const limit = Math.max(1, Math.floor(Number(query.get("limit") ?? 0)) || models.length);
  const before = place("before_id");
  const end = before < 0 ? models.length : before;
  const first = before < 0 ? place("after_id") + 1 : Math.max(0, end - limit);
  const data = models.slice(first, Math.min(end, first + limit));
  const more = before < 0 ? first + limit < end : first > 0;
  return { data, has_more: more, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}

function asAnthropic(session: Session, id: string, target: Target, created: number): Shown {
  const window = windowOf(session, target);
  return {
    type: "model",
    id,
    display_name: id === targetName(target) ? id : `${id} (${targetName(target)})`,
    created_at: new Date(created * 1000).toISOString().replace(".000", ""),
    max_input_tokens: window ?? null,
    max_tokens: target.maxOutput ?? null,
    capabilities: null,
    // SDKs promise these of every model, and programs keep to those that are active.
    lifecycle: "active",
    line: null,
    deprecated_at: null,
    retires_at: null,
  };
}

/** OpenAI's own list has no field for the window; `context_length` is OpenRouter's and others' name for it. */
function asOpenAi(session: Session, id: string, target: Target, created: number): Shown {
  const window = windowOf(session, target);
  return { id, object: "model", created, owned_by: target.provider.id, ...(window === undefined ? {} : { context_length: window }) };
}
