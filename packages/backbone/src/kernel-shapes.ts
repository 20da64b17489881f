/** Kernel shapes of the network, (rho, phi, z). */
export type KernelName = '3x3x3' | '1x3x3' | '3x1x3' | '3x1x1' | '1x3x1' | '1x1x3';

/** Cells along rho, phi, z for each kernel name. */
export const kernelShapes: Readonly<Record<KernelName, readonly [number, number, number]>> = {
  '3x3x3': [3, 3, 3],
  '1x3x3': [1, 3, 3],
  '3x1x3': [3, 1, 3],
  '3x1x1': [3, 1, 1],
  '1x3x1': [1, 3, 1],
  '1x1x3': [1, 1, 3],
};

/** Taps of a kernel: the product of its shape. */
export const tapsOf = (kernel: KernelName): number => {
  const [rho, phi, z] = kernelShapes[kernel];
  return rho * phi * z;
};

/**
 * Where a kernel's taps lie inside the 3x3x3 kernel, in the kernel's own order (rho major, z minor). All kernels
 * here are centred, so a map of any of them is a choice of columns of the 3x3x3 map.
 */
export const tapsWithinCube = (kernel: KernelName): number[] => {
  const [rho, phi, z] = kernelShapes[kernel];
  const taps: number[] = [];
  for (let i = (3 - rho) / 2; i < (3 + rho) / 2; i++)
    for (let j = (3 - phi) / 2; j < (3 + phi) / 2; j++)
      for (let k = (3 - z) / 2; k < (3 + z) / 2; k++) taps.push((i * 3 + j) * 3 + k);
  return taps;
};
