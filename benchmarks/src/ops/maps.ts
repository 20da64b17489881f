import { stridedMap, submanifoldMap } from '@nerfseg/ops';
import { measure, type OpsBench } from './measure.js';
import { benchmarkScan, coarseShape, fineShape } from './scan.js';

/** Kernel maps as tables, which an engine that reads coordinates makes only when asked, against one searchsorted per kernel offset. */
export const maps = async (bench: OpsBench): Promise<void> => {
  const { torch, context } = bench;
  for (const shape of [fineShape, coarseShape]) {
    const { coords } = benchmarkScan(context.realData, shape);
    const voxels = coords.length / 3;
    if (torch) await torch.array('coords', coords, [voxels, 3]);
    for (const kernel of [[1, 3, 3] as const, [3, 3, 3] as const]) {
      await torch?.prepare('map', 'kernel_maps.submanifold', { coords: 'coords', shape, kernel });
      await measure(bench, {
        name: `kernel map ${shape.join('x')}, ${kernel.join('x')}, ${voxels} voxels`,
        ours: () => submanifoldMap(coords, kernel, { shape }).inputOf,
        ...(torch ? { peer: 'map', peerName: 'numpy searchsorted' } : {}),
      });
    }
    await measure(bench, {
      name: `strided map ${shape.join('x')}, 3x3x3 by 2x2x2, ${voxels} voxels`,
      ours: () => stridedMap(coords, [3, 3, 3], [2, 2, 2], { shape }).map.inputOf,
    });
  }
};
