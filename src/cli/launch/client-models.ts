import type { ClientModel, Start } from "../../clients/client.ts";
import { defined } from "../../model/defined.ts";
import { perTier } from "../../model/tiers.ts";
import { type Profile, type Targets, targetName } from "../../route/target.ts";
import { wireIds } from "../../route/wire-ids.ts";
import { beginsOn } from "./servers.ts";
import type { Windows } from "./windows.ts";

/** The launch's models as the client is told of them: of each list of alternatives the one that it begins on. */
export function clientModels(profile: Profile, windows: Windows): Start["models"] {
  const ids = wireIds(profile);
  const model = (wireId: string, targets: Targets): ClientModel => {
    const target = beginsOn(targets, windows);
    const { context, maxOutput } = windows.of(target);
    const { efforts, images } = target.quirks;
    return defined({
      wireId,
      label: targetName(target),
      context,
      maxOutput,
      behavesAs: target.behavesAs,
      // What the profile fixes is not the client's to choose.
      efforts: target.reasoning === undefined ? efforts : undefined,
      images,
    });
  };
  return {
    main: model(ids.main, profile.main),
    tiers: perTier((tier) => model(ids[tier], profile.tiers[tier])),
    ...(profile.subagent && ids.subagent !== undefined ? { subagent: model(ids.subagent, profile.subagent) } : {}),
  };
}
