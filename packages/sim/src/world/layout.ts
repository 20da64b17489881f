import type { Random } from '@nerfseg/geometry';
import { bake, type Part } from '../objects/parts.js';
import type { SemanticName } from '../semantics.js';
import type { MeshBuilder } from '../trace/mesh.js';
import { matrixOnRoad, type Road } from './road.js';
import type { Signals } from './signals.js';
import type { edgesOfProfile, StreetProfile, WorldKind } from './street-profile.js';

/** Something that stands or moves in the world. Its id is what triangles and pixels carry. */
export interface WorldObject {
  readonly id: number;
  readonly semantic: SemanticName;
  readonly moving: boolean;
}

/** Where a side street crosses the main street. */
export interface Crossing {
  readonly s: number;
  readonly road: Road;
  readonly profile: StreetProfile;
  readonly edges: ReturnType<typeof edgesOfProfile>;
  readonly signals: Signals;
}

/** What the builders of a world share while they fill it. */
export interface Layout {
  readonly kind: WorldKind;
  readonly random: Random;
  readonly builder: MeshBuilder;
  readonly road: Road;
  readonly profile: StreetProfile;
  readonly edges: ReturnType<typeof edgesOfProfile>;
  readonly crossing?: Crossing;
  readonly objects: WorldObject[];
  /** x, y, z of every street lamp's light. */
  readonly lamps: number[];
  /** How far around the drive there is something, metres. */
  readonly reach: number;
  /** s, d, radius of what already stands beside the road. */
  readonly occupied: [s: number, d: number, radius: number][];
}

/** The next free object id, entered in the list of objects. */
export const register = (layout: Layout, semantic: SemanticName, moving: boolean): number => {
  const id = layout.objects.length + 1;
  layout.objects.push({ id, semantic, moving });
  return id;
};

/** Puts an object at (s, d), `z` above the road there, turned by `yaw` from the road's direction. */
export const put = (
  layout: Layout,
  parts: readonly Part[],
  semantic: SemanticName,
  at: { s: number; d: number; z?: number; yaw?: number; road?: Road },
): void => {
  const pose = matrixOnRoad(at.road ?? layout.road, at.s, at.d, at.z ?? 0, at.yaw ?? 0);
  bake(layout.builder, parts, pose, semantic, register(layout, semantic, false));
};

/** Claims a circle beside the road; false where something stands already. */
export const claim = (layout: Layout, s: number, d: number, radius: number): boolean => {
  const taken = layout.occupied.some(([os, od, r]) => (os - s) ** 2 + (od - d) ** 2 < (r + radius) ** 2);
  if (!taken) layout.occupied.push([s, d, radius]);
  return !taken;
};

/** Whether s lies in the mouth of the side street, `margin` metres included. */
export const inCrossing = (layout: Layout, s: number, margin = 0): boolean =>
  layout.crossing !== undefined && Math.abs(s - layout.crossing.s) < layout.crossing.edges.total + margin;

/** Height of the pavement above the road. */
export const pavementHeight = (layout: Layout): number => layout.profile.kerb;
