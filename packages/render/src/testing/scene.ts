import type { CylindricalGrid, Pose, Random, RayBundle } from '@nerfseg/geometry';
import { poseFromEuler } from '@nerfseg/geometry';

/** A small grid around the sensor. */
export const smallGrid = (overrides: Partial<CylindricalGrid> = {}): CylindricalGrid => ({
  rho: [0, 12],
  phi: [-Math.PI, Math.PI],
  z: [-2, 2],
  shape: [16, 12, 6],
  ...overrides,
});

/** [V*3] a random share of all cells of a shape, in random order. */
export const randomCells = (
  shape: readonly [number, number, number],
  share: number,
  random: Random,
): Int32Array => {
  const cells: number[] = [];
  for (let c = 0; c < shape[0] * shape[1] * shape[2]; c++) if (random.next() < share) cells.push(c);
  random.shuffle(cells);
  return Int32Array.from(
    cells.flatMap((c) => [
      Math.floor(c / (shape[1] * shape[2])),
      Math.floor(c / shape[2]) % shape[1],
      c % shape[2],
    ]),
  );
};

/** Cells of a level of the given stride that hold any of the base cells. */
export const coarser = (coords: Int32Array, stride: readonly [number, number, number]): Int32Array => {
  const seen = new Set<string>();
  for (let v = 0; v < coords.length; v += 3)
    seen.add([0, 1, 2].map((a) => Math.floor(coords[v + a] / stride[a])).join());
  return Int32Array.from([...seen].flatMap((key) => key.split(',').map(Number)));
};

/** Rays from random places near the sensor into random directions. */
export const randomRays = (count: number, random: Random, near = 0, far = 15): RayBundle => {
  const origins = new Float32Array(count * 3);
  const directions = new Float32Array(count * 3);
  for (let r = 0; r < count; r++) {
    const d = [random.normal(), random.normal(), random.normal() * 0.2];
    const length = Math.hypot(...d);
    for (let a = 0; a < 3; a++) {
      origins[r * 3 + a] = random.normal() * (a === 2 ? 0.5 : 3);
      directions[r * 3 + a] = d[a] / length;
    }
  }
  return { origins, directions, pixels: new Int32Array(count * 2).fill(-1), near, far };
};

/** Anywhere, turned any way. */
export const randomPose = (random: Random): Pose =>
  poseFromEuler(
    [random.normal(), random.normal(), random.normal()],
    random.normal() * 2,
    random.normal(),
    random.normal(),
  );
