import type { Random } from '@nerfseg/geometry';
import { between } from '../objects/palette.js';

export const worldKinds = ['downtown', 'suburb', 'country'] as const;
export type WorldKind = (typeof worldKinds)[number];

/** Half a street's cross-section, from its middle outwards; the other half mirrors it. Metres. */
export interface StreetProfile {
  /** Half the width of the raised median; 0 = none. */
  readonly median: number;
  readonly lanes: number;
  readonly laneWidth: number;
  /** Bicycle lane or shoulder beside the lanes. */
  readonly edge: number;
  /** Parking strip (town) or gravel strip (country) beyond it. */
  readonly parking: number;
  readonly kerb: number;
  /** Grass between kerb and pavement. */
  readonly verge: number;
  readonly sidewalk: number;
}

/** A cross-section typical of the kind of place. */
export const streetProfile = (kind: WorldKind, random: Random): StreetProfile => {
  if (kind === 'downtown') {
    return {
      median: random.next() < 0.5 ? 0.9 : 0,
      lanes: 1 + random.int(2),
      laneWidth: 3.3,
      edge: 1.6,
      parking: 2.5,
      kerb: 0.14,
      verge: 0,
      sidewalk: between(random, 3.4, 4.6),
    };
  }
  if (kind === 'suburb') {
    return {
      median: 0,
      lanes: 1,
      laneWidth: 3.2,
      edge: 1.4,
      parking: 2.4,
      kerb: 0.12,
      verge: between(random, 1.2, 2.2),
      sidewalk: between(random, 1.8, 2.4),
    };
  }
  return {
    median: 0,
    lanes: 1,
    laneWidth: 3.4,
    edge: 1.3,
    parking: 2.8,
    kerb: 0,
    verge: between(random, 0.8, 1.6),
    sidewalk: random.next() < 0.6 ? 1.9 : 0,
  };
};

/** Distances from the middle of the street. */
export const edgesOfProfile = (profile: StreetProfile) => {
  const lanes = profile.median + profile.lanes * profile.laneWidth;
  const edge = lanes + profile.edge;
  const kerb = edge + profile.parking;
  const verge = kerb + profile.verge;
  return { lanes, edge, kerb, verge, total: verge + profile.sidewalk };
};
