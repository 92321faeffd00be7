import type { Profile } from "../../route/target.ts";
import type { Configuration } from "../configuration.ts";
import type { BoundarySettings } from "../schema/boundary.ts";

export interface DrawnBoundary {
  readonly boundary: BoundarySettings;
  /** "profiles.night.boundary (.fccrc:16)" */
  readonly written: string;
}

/** Those that hold for every profile. */
export function outerBoundaries({ merged }: Configuration): readonly DrawnBoundary[] {
  return merged.boundaries.map(({ boundary, source }) => ({ boundary, written: `boundary (${source})` }));
}

/** The boundary that holds for every profile: for commands that look around before one is chosen. */
export const outerBoundary = (configuration: Configuration) => boundaryOf(outerBoundaries(configuration));

/** As a profile has them: all hold, and where there are none everything is inside. */
export function boundaryOf(drawn: readonly DrawnBoundary[]): Pick<Profile, "boundary" | "boundaryWritten"> {
  if (drawn.length === 0) return {};
  return {
    boundary: drawn.map(({ boundary: { within, admits } }) => within ?? admits ?? []),
    boundaryWritten: drawn.map(({ written }) => written),
  };
}
