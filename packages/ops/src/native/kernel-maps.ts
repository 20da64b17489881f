import type { KernelMap } from '../kernels.js';
import type { NativeAddon, StridedArguments, Triple } from './addon.js';
import { nativeAddon } from './installed.js';

/**
 * Builders of kernel maps in C++, in parallel: the same maps in the same order as the portable builders make. A voxel
 * that occurs twice or lies outside the grid throws a RangeError.
 */
export interface NativeKernelMaps {
  submanifold(coords: Int32Array, kernelShape: Triple, grid: MapGrid): KernelMap;
  /** The voxels that a strided convolution has, in ascending order of cell, and their grid. */
  stridedOutputs(
    coords: Int32Array,
    kernelShape: Triple,
    stride: Triple,
    grid: MapGrid & { readonly padding: Triple },
  ): { coords: Int32Array; shape: [number, number, number] };
  /** Output cell o reads input cells o * stride - padding + tap; output voxels in ascending order of cell. */
  strided(
    coords: Int32Array,
    kernelShape: Triple,
    stride: Triple,
    grid: MapGrid & { readonly padding: Triple },
  ): { map: KernelMap; coords: Int32Array; shape: [number, number, number] };
}

export interface MapGrid {
  readonly shape: Triple;
  readonly wrapAzimuth?: boolean;
}

const outputsOf = (
  addon: NativeAddon,
  args: StridedArguments,
): ReturnType<NativeKernelMaps['stridedOutputs']> => {
  const found = addon.stridedOutputs(...args);
  return { coords: found.slice(3), shape: [found[0], found[1], found[2]] };
};

const builders = (addon: NativeAddon): NativeKernelMaps => ({
  submanifold(coords, kernelShape, { shape, wrapAzimuth }) {
    const rows = coords.length / 3;
    const taps = kernelShape[0] * kernelShape[1] * kernelShape[2];
    const inputOf = new Int32Array(rows * taps);
    const outputOf = new Int32Array(rows * taps);
    const wrap = wrapAzimuth ? 1 : 0;
    const pairs = addon.submanifoldMap(coords, rows, ...shape, wrap, ...kernelShape, inputOf, outputOf);
    return { taps, inRows: rows, outRows: rows, inputOf, outputOf, pairs };
  },

  stridedOutputs: (coords, kernelShape, stride, { shape, padding, wrapAzimuth }) => {
    const wrap = wrapAzimuth ? 1 : 0;
    return outputsOf(addon, [
      coords,
      coords.length / 3,
      ...shape,
      wrap,
      ...kernelShape,
      ...stride,
      ...padding,
    ]);
  },

  strided(coords, kernelShape, stride, { shape, padding, wrapAzimuth }) {
    const inRows = coords.length / 3;
    const taps = kernelShape[0] * kernelShape[1] * kernelShape[2];
    const wrap = wrapAzimuth ? 1 : 0;
    const args: StridedArguments = [coords, inRows, ...shape, wrap, ...kernelShape, ...stride, ...padding];
    const { coords: outCoords, shape: outShape } = outputsOf(addon, args);
    const outRows = outCoords.length / 3;
    const inputOf = new Int32Array(outRows * taps);
    const outputOf = new Int32Array(inRows * taps);
    const pairs = addon.stridedMap(...args, ...outShape, outCoords, outRows, inputOf, outputOf);
    return { map: { taps, inRows, outRows, inputOf, outputOf, pairs }, coords: outCoords, shape: outShape };
  },
});

/** The native builders, once `registerNativeBackend` has succeeded; undefined before, or where it cannot. */
export const nativeKernelMaps = (): NativeKernelMaps | undefined => {
  const addon = nativeAddon();
  return addon && builders(addon);
};
