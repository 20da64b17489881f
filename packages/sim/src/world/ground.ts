import { type MaterialName, materialId } from '../materials.js';
import type { Rgb } from '../objects/parts.js';
import { type SemanticName, semanticId } from '../semantics.js';
import { noise3 } from '../trace/noise.js';
import type { Layout } from './layout.js';
import type { Road } from './road.js';
import { edgesOfProfile, type StreetProfile } from './street-profile.js';

export interface GroundLook {
  readonly material: MaterialName;
  readonly color: Rgb;
  readonly semantic: SemanticName;
}

export const groundLooks = {
  asphalt: { material: 'asphalt', color: [98, 98, 101], semantic: 'road' },
  cycleLane: { material: 'asphalt', color: [126, 86, 80], semantic: 'road' },
  shoulder: { material: 'asphalt', color: [112, 110, 106], semantic: 'road' },
  parking: { material: 'paving', color: [128, 124, 122], semantic: 'parking' },
  gravel: { material: 'gravel', color: [150, 140, 124], semantic: 'other-ground' },
  island: { material: 'concrete', color: [172, 168, 158], semantic: 'other-ground' },
  kerb: { material: 'concrete', color: [176, 174, 168], semantic: 'sidewalk' },
  sidewalk: { material: 'paving', color: [176, 168, 158], semantic: 'sidewalk' },
  plaza: { material: 'paving', color: [190, 170, 146], semantic: 'other-ground' },
  grass: { material: 'grass', color: [112, 134, 62], semantic: 'terrain' },
  meadow: { material: 'grass', color: [142, 142, 70], semantic: 'terrain' },
  soil: { material: 'soil', color: [128, 100, 72], semantic: 'terrain' },
  paint: { material: 'reflector', color: [214, 214, 206], semantic: 'lane-marking' },
} as const satisfies Record<string, GroundLook>;

interface Strip {
  readonly from: number;
  readonly to: number;
  readonly fromZ: number;
  readonly toZ: number;
  readonly look: GroundLook;
  /** Vertical noise in metres, for open country. */
  readonly rough?: number;
}

const corner = { x: 0, y: 0 };
const stepLength = 2.5;

/** One strip along a road, on one side (+1 left, -1 right), between two places along it. */
export const strip = (
  layout: Layout,
  road: Road,
  side: number,
  begin: number,
  end: number,
  shape: Strip,
): void => {
  if (end - begin < 1e-6) return;
  const steps = Math.max(1, Math.ceil((end - begin) / stepLength));
  const surface = {
    material: materialId[shape.look.material],
    color: shape.look.color,
    semantic: semanticId[shape.look.semantic],
    object: 0,
  };
  const vertex = (s: number, d: number, z: number): number[] => {
    road.pointAt(s, d * side, corner);
    const bump = shape.rough ? shape.rough * (noise3(corner.x * 0.15, corner.y * 0.15, 0.5) - 0.5) : 0;
    return [corner.x, corner.y, road.heightAt(s) + z + bump];
  };
  for (let i = 0; i < steps; i++) {
    const s0 = begin + ((end - begin) * i) / steps;
    const s1 = begin + ((end - begin) * (i + 1)) / steps;
    const a = vertex(s0, shape.from, shape.fromZ);
    const b = vertex(s1, shape.from, shape.fromZ);
    const c = vertex(s1, shape.to, shape.toZ);
    const d = vertex(s0, shape.to, shape.toZ);
    layout.builder.quad(side > 0 ? [...a, ...b, ...c, ...d] : [...a, ...d, ...c, ...b], surface);
  }
};

/** A strip from one distance to another at one height. */
export const flat = (from: number, to: number, z: number, look: GroundLook): Strip => ({
  from,
  to,
  fromZ: z,
  toZ: z,
  look,
});

/** The stretches of [begin, end] outside (middle - half, middle + half). */
export const around = (
  begin: number,
  end: number,
  middle: number | undefined,
  half: number,
): [number, number][] =>
  middle === undefined || middle + half <= begin || middle - half >= end
    ? [[begin, end]]
    : [
        [begin, Math.max(begin, middle - half)],
        [Math.min(end, middle + half), end],
      ];

/** Carriageway, markings, kerbs and pavements of one street. */
export const paveStreet = (
  layout: Layout,
  road: Road,
  profile: StreetProfile,
  gap: { middle: number; kerb: number; total: number; main: boolean } | undefined,
): void => {
  const edges = edgesOfProfile(profile);
  const rural = layout.kind === 'country';
  const { begin, end } = road;
  const middle = gap?.middle;
  // The main street runs through; the side street starts at the main street's kerb.
  const carriageway = gap && !gap.main ? around(begin, end, middle, gap.kerb) : [[begin, end] as const];
  const beside = around(begin, end, middle, gap ? (gap.main ? gap.kerb : gap.total) : 0);
  for (const side of [-1, 1]) {
    for (const [from, to] of carriageway) {
      strip(layout, road, side, from, to, flat(0, edges.lanes, 0, groundLooks.asphalt));
      strip(
        layout,
        road,
        side,
        from,
        to,
        flat(edges.lanes, edges.edge, 0, rural ? groundLooks.shoulder : groundLooks.cycleLane),
      );
    }
    for (const [from, to] of beside) {
      if (profile.median > 0) {
        strip(layout, road, side, from, to, flat(0, profile.median, 0.15, groundLooks.island));
        strip(layout, road, side, from, to, {
          from: profile.median,
          to: profile.median,
          fromZ: 0.15,
          toZ: 0,
          look: groundLooks.island,
        });
      }
      const parking = rural ? groundLooks.gravel : groundLooks.parking;
      strip(layout, road, side, from, to, flat(edges.edge, edges.kerb, 0, parking));
      if (profile.kerb > 0) {
        strip(layout, road, side, from, to, {
          from: edges.kerb,
          to: edges.kerb,
          fromZ: 0,
          toZ: profile.kerb,
          look: groundLooks.kerb,
        });
        strip(
          layout,
          road,
          side,
          from,
          to,
          flat(edges.kerb, edges.kerb + 0.16, profile.kerb + 0.004, groundLooks.kerb),
        );
      }
      strip(layout, road, side, from, to, flat(edges.kerb, edges.verge, profile.kerb, groundLooks.grass));
      strip(layout, road, side, from, to, flat(edges.verge, edges.total, profile.kerb, groundLooks.sidewalk));
    }
    // Where streets meet, parking strips give way to asphalt.
    if (gap?.main) {
      strip(
        layout,
        road,
        side,
        gap.middle - gap.kerb,
        gap.middle + gap.kerb,
        flat(edges.edge, edges.kerb, 0, groundLooks.asphalt),
      );
    }
  }
  markLanes(layout, road, profile, beside);
};

/** Painted lines: dashes between lanes, a solid line at the edge, the middle solid in town and dashed outside. */
const markLanes = (
  layout: Layout,
  road: Road,
  profile: StreetProfile,
  stretches: readonly (readonly [number, number])[],
): void => {
  const edges = edgesOfProfile(profile);
  const line = (side: number, d: number, from: number, to: number): void =>
    strip(layout, road, side, from, to, flat(d - 0.07, d + 0.07, 0.012, groundLooks.paint));
  for (const [begin, end] of stretches) {
    for (const side of [-1, 1]) {
      line(side, edges.lanes - 0.05, begin, end);
      for (let lane = 1; lane < profile.lanes; lane++) {
        for (let s = begin; s + 3 < end; s += 9)
          line(side, profile.median + lane * profile.laneWidth, s, s + 3);
      }
      if (profile.parking > 2 && layout.kind !== 'country') {
        for (let s = begin; s + 1 < end; s += 6.5) {
          strip(
            layout,
            road,
            side,
            s,
            s + 0.12,
            flat(edges.edge, edges.kerb - 0.1, 0.012, groundLooks.paint),
          );
        }
      }
    }
    if (profile.median === 0) for (let s = begin; s + 3 < end; s += 9) line(1, 0, s, s + 3);
  }
};

/** Zebra crossings over every arm of a junction. */
export const paintZebras = (layout: Layout): void => {
  const { crossing, road, edges } = layout;
  if (!crossing) return;
  const stripes = (on: Road, at: number, reach: number, from: number): void => {
    for (let d = -reach + 0.3; d < reach - 0.3; d += 1) {
      const side = d >= 0 ? 1 : -1;
      const low = side > 0 ? d : -d - 0.5;
      if (low < from) continue;
      strip(layout, on, side, at, at + 2.8, flat(low, low + 0.5, 0.014, groundLooks.paint));
    }
  };
  for (const side of [-1, 1]) {
    const main = crossing.s + side * (crossing.edges.kerb + 1.8) - 1.4;
    stripes(road, main, edges.edge, layout.profile.median);
    const cross = side * (edges.kerb + 1.8) - 1.4;
    stripes(crossing.road, cross, crossing.edges.edge, 0);
  }
};

/** Land beyond the lots, down to a plain that reaches the horizon. */
export const farGround = (layout: Layout, from: number): void => {
  const { road, crossing } = layout;
  for (const side of [-1, 1]) {
    for (const [begin, end] of around(road.begin, road.end, crossing?.s, crossing?.edges.total ?? 0)) {
      strip(layout, road, side, begin, end, {
        from,
        to: from + 45,
        fromZ: layout.profile.kerb,
        toZ: -3.5,
        look: groundLooks.meadow,
      });
    }
  }
  // The side street runs on over a bank.
  if (crossing)
    for (const side of [-1, 1])
      for (const end of [-1, 1])
        strip(
          layout,
          crossing.road,
          side,
          end < 0 ? crossing.road.begin : from,
          end < 0 ? -from : crossing.road.end,
          {
            from: crossing.edges.total,
            to: crossing.edges.total + 8,
            fromZ: crossing.profile.kerb,
            toZ: -3.5,
            look: groundLooks.meadow,
          },
        );
  const low = Math.min(road.heightAt(road.begin), road.heightAt(road.end), 0) - 3.2;
  layout.builder.quad([-900, -900, low, 900, -900, low, 900, 900, low, -900, 900, low], {
    material: materialId.grass,
    color: groundLooks.meadow.color,
    semantic: semanticId.terrain,
    object: 0,
  });
};
