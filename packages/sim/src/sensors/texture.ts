import { type MaterialName, materialId } from '../materials.js';
import { hash3, noise3 } from '../trace/noise.js';

type Texture = (x: number, y: number, z: number, normal: Float64Array, tint: Float64Array) => void;

const scale = (tint: Float64Array, by: number): void => {
  tint[0] *= by;
  tint[1] *= by;
  tint[2] *= by;
};

/** Horizontal coordinate along a wall, so that courses of bricks run around it. */
const along = (x: number, y: number, normal: Float64Array): number =>
  Math.abs(normal[0]) > Math.abs(normal[1]) ? y : x;

const speckle: (frequency: number, strength: number) => Texture =
  (frequency, strength) => (x, y, z, _n, tint) => {
    scale(tint, 1 + strength * (noise3(x * frequency, y * frequency, z * frequency) - 0.5));
  };

/** Courses of rectangles with mortar between, every second one shifted. */
const courses =
  (width: number, height: number, mortar: number, contrast: number): Texture =>
  (x, y, z, normal, tint) => {
    const row = Math.floor(z / height);
    const position = along(x, y, normal) / width + (row & 1) * 0.5;
    const column = Math.floor(position);
    const joint = (position - column) * width < mortar || (z / height - row) * height < mortar;
    scale(tint, joint ? 1.25 : 1 - contrast / 2 + contrast * hash3(column, row, 3));
  };

/** Square slabs on the ground. */
const slabs: Texture = (x, y, _z, _n, tint) => {
  const column = Math.floor(x / 0.6);
  const row = Math.floor(y / 0.6);
  const joint = x / 0.6 - column < 0.05 || y / 0.6 - row < 0.05;
  scale(tint, joint ? 0.7 : 0.88 + 0.2 * hash3(column, row, 5) + 0.08 * (noise3(x * 0.7, y * 0.7, 0) - 0.5));
};

const textures: Partial<Record<MaterialName, Texture>> = {
  asphalt: (x, y, _z, _n, tint) => {
    const patches = noise3(x * 0.35, y * 0.35, 1);
    const grain = noise3(x * 14, y * 14, 2);
    scale(tint, 0.8 + 0.25 * patches + 0.3 * (grain - 0.5));
  },
  paving: slabs,
  grass: (x, y, z, _n, tint) => {
    const patches = noise3(x * 0.5, y * 0.5, z * 0.5);
    const blades = noise3(x * 9, y * 9, z * 9);
    scale(tint, 0.65 + 0.35 * patches + 0.5 * (blades - 0.35));
    tint[0] *= 0.85 + 0.5 * noise3(x * 0.13, y * 0.13, 9);
  },
  soil: speckle(5, 0.5),
  gravel: speckle(11, 0.7),
  brick: courses(0.28, 0.09, 0.015, 0.45),
  plaster: speckle(1.3, 0.14),
  concrete: speckle(2, 0.2),
  foliage: (x, y, z, _n, tint) => {
    const clumps = noise3(x * 1.6, y * 1.6, z * 1.6);
    const leaves = hash3(Math.floor(x * 11), Math.floor(y * 11), Math.floor(z * 11));
    scale(tint, 0.45 + 0.7 * clumps + 0.5 * (leaves - 0.4));
  },
  bark: (x, y, z, _n, tint) => {
    scale(tint, 0.7 + 0.6 * noise3(x * 14, y * 14, z * 2.5));
  },
  roofTiles: (x, y, z, normal, tint) => {
    const row = Math.floor(z / 0.22);
    const position = along(x, y, normal) / 0.3;
    const column = Math.floor(position);
    scale(tint, (0.75 + 0.3 * hash3(column, row, 7)) * (z / 0.22 - row < 0.15 ? 0.7 : 1));
  },
  cloth: speckle(6, 0.35),
  wood: (x, y, z, _n, tint) => {
    scale(tint, 0.85 + 0.3 * noise3(x * 3, y * 3, z * 12));
  },
  rubber: speckle(8, 0.2),
};

const byId: (Texture | undefined)[] = [];
for (const [name, texture] of Object.entries(textures)) {
  byId[materialId[name as MaterialName]] = texture;
}

/**
 * Multiplies a surface's base colour by its procedural texture, in place.
 *
 * @param x metres, in the frame the surface is fixed to, as are y and z.
 * @param normal unit, in the same frame.
 * @param tint linear RGB.
 */
export const textureTint = (
  material: number,
  x: number,
  y: number,
  z: number,
  normal: Float64Array,
  tint: Float64Array,
): void => {
  byId[material]?.(x, y, z, normal, tint);
};
