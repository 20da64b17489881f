import type { Random } from '@nerfseg/geometry';
import { buildNetwork } from './build-network.js';
import type { Cylinder3dConfig } from './config.js';
import type { Network } from './network.js';

/**
 * A new Cylinder3D. Weights and biases start uniform in +-1/sqrt(fanIn) (Kaiming uniform with a = sqrt 5, the default of
 * PyTorch and spconv 2), batch norms as the identity. Same random state, same network.
 */
export const createCylinder3d = (config: Cylinder3dConfig, random: Random): Network =>
  buildNetwork(config, ({ name, initial, fanIn }, size) => {
    const values = new Float32Array(size);
    if (initial === 'ones') values.fill(1);
    if (initial === 'uniform') {
      // A stream per name: a parameter's start does not depend on which others the network has.
      const stream = random.fork(name);
      const bound = 1 / Math.sqrt(fanIn);
      for (let i = 0; i < size; i++) values[i] = (2 * stream.next() - 1) * bound;
    }
    return values;
  });
