import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadWeights } from '@nerfseg/backbone';
import { bytesOf, joined, record } from '../bytes.js';
import { endReading, must, startReading, taken } from '../read-all.js';
import type { FuzzTarget } from '../types.js';

export const weights: FuzzTarget = {
  name: 'safetensors',
  make: async (root) => {
    const header = JSON.stringify({
      __metadata__: { format: 'nerfseg' },
      kernel: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      steps: { dtype: 'I32', shape: [2], data_offsets: [24, 32] },
    });
    await mkdir(path.join(root, 'run'));
    await writeFile(
      path.join(root, 'run/network.safetensors'),
      joined(
        record(8, [0, 4, header.length]),
        bytesOf(header),
        new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer),
        new Uint8Array(8),
      ),
    );
  },
  open: async (root) => {
    const notes = startReading();
    const file = taken(notes, await loadWeights(path.join(root, 'run/network.safetensors'))());
    for (const [name, { shape, data }] of Object.entries(file?.tensors ?? {}))
      must(
        data.length === shape.reduce((a, b) => a * b, 1),
        `${name}: ${data.length} values of shape ${shape.join()}`,
      );
    return endReading(notes);
  },
};
