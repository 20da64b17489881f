/** Whose kernel maps the submanifold convolutions use; see {@link Cylinder3dConfig.kernelMaps}. */
export type KernelMaps = 'paper' | 'released';

/** Everything that decides the network's shape; plain data, and what a weights file carries as metadata. */
export interface Cylinder3dConfig {
  /** Classes, class 0 (ignored in training, never predicted) included: 17 for nuScenes, 20 for SemanticKITTI. */
  readonly numClasses: number;
  /** Base width C: the U-Net's channels are C, 2C, 4C, 8C, 16C. Zhu et al. use 32, semi-supervised papers 16. */
  readonly width: number;
  /**
   * 'paper': every convolution has its own kernel shape. 'released': the published code lets the convolutions of a
   * block share an index key, and its sparse library (spconv 1.x) then reuses the block's first rulebook, so the
   * context block's four all act as 1x3x3, a down block's as 3x1x3, an up block's three as 1x3x3, the context
   * modelling's three as 3x1x1. Published weights need 'released'. Parameter shapes are the same.
   */
  readonly kernelMaps: KernelMaps;
  /** Values per input point: 9. */
  readonly pointChannels: number;
  /**
   * Widths of the point encoder's hidden layers; the linear layer before the max keeps the last one. The paper's
   * [64, 128, 256] costs more than the whole U-Net where C is small: [32, 64] is a slim choice.
   */
  readonly pointWidths: readonly number[];
  /** Channels of a voxel where the U-Net begins: 16. */
  readonly voxelInputChannels: number;
  /** Cells along rho, phi, z that scans must have; unset: scans of any grid (the network itself is indifferent). */
  readonly gridShape?: readonly [number, number, number];
  /** Whether azimuth wraps; unset: as the scan's grid says. */
  readonly wrapAzimuth?: boolean;
}

/** What {@link cylinder3dConfig} takes: classes and width, and whatever should differ from the paper. */
export type Cylinder3dOptions = Pick<Cylinder3dConfig, 'numClasses' | 'width'> & Partial<Cylinder3dConfig>;

const positive = (name: string, value: number): void => {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} is ${value}, not a positive integer`);
};

/**
 * Fills in the paper's values. Throws a RangeError for sizes that no network can have; `parseConfig` is the one for
 * configurations that come from a file.
 */
export function cylinder3dConfig(options: Cylinder3dOptions): Cylinder3dConfig {
  // Left out, for callers whose compiler lets undefined stand for that.
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as Cylinder3dOptions;
  const config: Cylinder3dConfig = {
    kernelMaps: 'paper',
    pointChannels: 9,
    pointWidths: [64, 128, 256],
    voxelInputChannels: 16,
    ...given,
  };
  positive('numClasses', config.numClasses);
  if (config.numClasses < 2 || config.numClasses > 256)
    throw new RangeError(`numClasses is ${config.numClasses}, not 2 to 256`);
  positive('width', config.width);
  positive('pointChannels', config.pointChannels);
  positive('voxelInputChannels', config.voxelInputChannels);
  if (config.pointWidths.length === 0) throw new RangeError('pointWidths is empty');
  for (const width of config.pointWidths) positive('pointWidths', width);
  for (const cells of config.gridShape ?? []) positive('gridShape', cells);
  if (config.kernelMaps !== 'paper' && config.kernelMaps !== 'released')
    throw new RangeError(`kernelMaps is '${String(config.kernelMaps)}', not 'paper' or 'released'`);
  return config;
}

/** Strides of the four down blocks along rho, phi, z: height is halved only twice. */
export const downStrides: readonly (readonly [number, number, number])[] = [
  [2, 2, 2],
  [2, 2, 2],
  [2, 2, 1],
  [2, 2, 1],
];

/** Channels of `VoxelFeatures.levels[0..4]`: 4C, 4C, 8C, 16C, 16C. */
export const levelChannels = ({ width }: Pick<Cylinder3dConfig, 'width'>): number[] => [
  4 * width,
  4 * width,
  8 * width,
  16 * width,
  16 * width,
];
