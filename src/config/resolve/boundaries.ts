import type { Boundary } from "../../route/target.ts";
import type { Configuration } from "../configuration.ts";
import type { BoundarySettings } from "../schema/boundary.ts";

/** The boundary that holds for every profile: for commands that look around before one is chosen. */
export function outerBoundary(configuration: Configuration): Boundary | undefined {
  const { boundaries } = configuration.merged;
  return boundaries.length === 0 ? undefined : boundaries.map(({ boundary }) => boundaryOf(boundary));
}

export function boundaryOf(settings: BoundarySettings): Boundary[number] {
  return settings.within ?? settings.admits ?? [];
}
