// Small random scans and networks for tests.
import type { CylindricalGrid, Random, VoxelizedScan } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { type Cylinder3dConfig, cylinder3dConfig } from './config.js';
import { createCylinder3d } from './create-cylinder3d.js';
import type { Rows, Sites, Values } from './naive.test.helper.js';
import type { Network } from './network.js';

export const tinyShape = [32, 24, 8] as const;

/** Clustered voxels with one to three points each, features at random. */
export function tinyScan(random: Random, clusters = 12, wrapAzimuth = false): VoxelizedScan {
  const [rho, phi, z] = tinyShape;
  const cells = new Set<number>();
  for (let c = 0; c < clusters; c++) {
    const [r, p, h] = [random.int(rho), random.int(phi), random.int(z)];
    for (let n = 0; n < 6; n++) {
      const i = Math.min(rho - 1, r + random.int(2));
      const j = (p + random.int(3)) % phi;
      const k = Math.min(z - 1, h + random.int(2));
      cells.add((i * phi + j) * z + k);
    }
  }
  const sorted = [...cells].sort((a, b) => a - b);
  const coords = Int32Array.from(
    sorted.flatMap((cell) => [Math.floor(cell / (phi * z)), Math.floor(cell / z) % phi, cell % z]),
  );
  const voxelOfPoint: number[] = [];
  for (let v = 0; v < sorted.length; v++) for (let n = 0; n <= random.int(3); n++) voxelOfPoint.push(v);
  random.shuffle(voxelOfPoint);
  const grid: CylindricalGrid = {
    rho: [0, 50],
    phi: [-Math.PI, Math.PI],
    z: [-4, 2],
    shape: tinyShape,
    wrapAzimuth,
  };
  const pointFeatures = Float32Array.from({ length: voxelOfPoint.length * 9 }, () => random.normal());
  return { grid, coords, voxelOfPoint: Int32Array.from(voxelOfPoint), pointFeatures };
}

export const tinyConfig = (overrides: Partial<Cylinder3dConfig> = {}): Cylinder3dConfig =>
  cylinder3dConfig({
    numClasses: 5,
    width: 2,
    pointWidths: [6, 8],
    voxelInputChannels: 4,
    ...overrides,
  });

/** A network whose norms are not the identity, so that tests can tell. */
export function tinyNetwork(config: Cylinder3dConfig, random: Random): Network {
  const network = createCylinder3d(config, random);
  const jitter = (name: string, low: number, high: number): void => {
    const variable = network.trainable[name] ?? network.statistics[name];
    const values = Float32Array.from(variable.dataSync(), () => low + (high - low) * random.next());
    const next = tf.tensor(values, variable.shape);
    variable.assign(next);
    next.dispose();
  };
  for (const name of Object.keys(network.statistics)) {
    const norm = name.slice(0, name.lastIndexOf('.'));
    if (name.endsWith('.mean')) {
      jitter(name, -0.2, 0.2);
      jitter(`${norm}.weight`, 0.5, 1.5);
      jitter(`${norm}.bias`, -0.3, 0.3);
    } else jitter(name, 0.3, 1);
  }
  return network;
}

export const sitesOf = (scan: VoxelizedScan): Sites => ({
  shape: scan.grid.shape,
  coords: rowsOf(scan.coords, 3).map(([r, p, z]) => [r!, p!, z!] as const),
});

export const rowsOf = (values: ArrayLike<number>, width: number): Rows =>
  Array.from({ length: values.length / width }, (_, n) =>
    Float64Array.from({ length: width }, (_, c) => values[n * width + c]),
  );

/** A network's values in float64, which finite differences may change in place. */
export function valuesOf(network: Network): Values {
  const copies = new Map(
    Object.entries({ ...network.trainable, ...network.statistics }).map(([name, variable]) => [
      name,
      Float64Array.from(variable.dataSync()),
    ]),
  );
  return (name) => {
    const values = copies.get(name);
    if (!values) throw new Error(`no values for '${name}'`);
    return values;
  };
}
