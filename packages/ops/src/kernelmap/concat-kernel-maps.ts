import type { KernelMap, KernelMapPart } from '../kernels.js';
import { lazyKernelMap } from './lazy-kernel-map.js';

/**
 * The disjoint union of kernel maps: the map of a batch whose rows are the scans' rows one after another. Rows of
 * different scans never meet.
 *
 * @param maps at least one, all with the same number of taps.
 */
export const concatKernelMaps = (maps: readonly KernelMap[]): KernelMap => {
  if (maps.length === 0) throw new RangeError('concatKernelMaps: expected at least one map');
  if (maps.length === 1) return maps[0];
  const taps = maps[0].taps;
  let inRows = 0;
  let outRows = 0;
  for (const map of maps) {
    if (map.taps !== taps) throw new RangeError(`concatKernelMaps: ${map.taps} taps beside ${taps}`);
    inRows += map.inRows;
    outRows += map.outRows;
  }
  const build = (): KernelMap => joined(maps, { taps, inRows, outRows });
  if (maps.every((map) => map.parts))
    return lazyKernelMap({ taps, inRows, outRows }, shiftedParts(maps), build);
  return build();
};

/** The maps' parts, with the rows where they come to lie. */
const shiftedParts = (maps: readonly KernelMap[]): KernelMapPart[] => {
  const parts: KernelMapPart[] = [];
  let inStart = 0;
  let outStart = 0;
  for (const map of maps) {
    for (const part of map.parts ?? []) {
      parts.push({ ...part, inStart: part.inStart + inStart, outStart: part.outStart + outStart });
    }
    inStart += map.inRows;
    outStart += map.outRows;
  }
  return parts;
};

const joined = (
  maps: readonly KernelMap[],
  { taps, inRows, outRows }: Pick<KernelMap, 'taps' | 'inRows' | 'outRows'>,
): KernelMap => {
  let pairs = 0;
  const inputOf = new Int32Array(outRows * taps);
  const outputOf = new Int32Array(inRows * taps);
  let inStart = 0;
  let outStart = 0;
  for (const map of maps) {
    copyShifted(map.inputOf, inStart, inputOf, outStart * taps);
    copyShifted(map.outputOf, outStart, outputOf, inStart * taps);
    pairs += map.pairs;
    inStart += map.inRows;
    outStart += map.outRows;
  }
  return { taps, inRows, outRows, inputOf, outputOf, pairs };
};

const copyShifted = (source: Int32Array, shift: number, target: Int32Array, at: number): void => {
  for (let n = 0; n < source.length; n++) target[at + n] = source[n] < 0 ? -1 : source[n] + shift;
};
