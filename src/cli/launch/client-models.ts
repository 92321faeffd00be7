import type { ClientModel, Start } from "../../clients/client.ts";
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
    return {
      wireId,
      label: targetName(target),
      ...(context === undefined ? {} : { context }),
      ...(maxOutput === undefined ? {} : { maxOutput }),
      ...(target.behavesAs === undefined ? {} : { behavesAs: target.behavesAs }),
      // What the profile fixes is not the client's to choose.
      ...(target.quirks.efforts === undefined || target.reasoning !== undefined ? {} : { efforts: target.quirks.efforts }),
      ...(target.quirks.images === undefined ? {} : { images: target.quirks.images }),
    };
  };
  return {
    main: model(ids.main, profile.main),
    tiers: perTier((tier) => model(ids[tier], profile.tiers[tier])),
    ...(profile.subagent && ids.subagent !== undefined ? { subagent: model(ids.subagent, profile.subagent) } : {}),
  };
}
