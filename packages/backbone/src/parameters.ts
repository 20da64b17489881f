import type { Cylinder3dConfig } from './config.js';
import { type KernelName, tapsOf } from './kernel-shapes.js';

/** How a parameter starts: 'uniform' draws from +-1/sqrt(fanIn), as PyTorch does for linear layers and convolutions. */
export type Initialisation = 'zeros' | 'ones' | 'uniform';

/** A parameter or a running statistic before any memory is spent on it. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initialisation;
  /** Inputs that one output sums over; decides the uniform bound. */
  readonly fanIn: number;
  /** false: a running statistic of a batch norm. */
  readonly trainable: boolean;
  /** Of a convolution's weights: whose taps the first dimension counts. */
  readonly kernel?: KernelName;
}

const constant = (
  name: string,
  channels: number,
  initial: 'zeros' | 'ones',
  trainable: boolean,
): ParameterSpec => ({ name, shape: [channels], initial, fanIn: 1, trainable });

const norm = (name: string, channels: number): ParameterSpec[] => [
  constant(`${name}.weight`, channels, 'ones', true),
  constant(`${name}.bias`, channels, 'zeros', true),
  constant(`${name}.mean`, channels, 'zeros', false),
  constant(`${name}.variance`, channels, 'ones', false),
];

const linear = (name: string, input: number, output: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [input, output], initial: 'uniform', fanIn: input, trainable: true },
  { name: `${name}.bias`, shape: [output], initial: 'uniform', fanIn: input, trainable: true },
];

const conv = (name: string, kernel: KernelName, input: number, output: number): ParameterSpec => {
  const taps = tapsOf(kernel);
  return {
    name: `${name}.weight`,
    shape: [taps, input, output],
    initial: 'uniform',
    fanIn: taps * input,
    trainable: true,
    kernel,
  };
};

const convNorm = (
  prefix: string,
  index: number | string,
  kernel: KernelName,
  input: number,
  output: number,
): ParameterSpec[] => [
  conv(`${prefix}.conv${index}`, kernel, input, output),
  ...norm(`${prefix}.norm${index}`, output),
];

/** The two-branch asymmetrical block: branch a starts with `first`, branch b with the other of the two kernels. */
const asymmetric = (
  prefix: string,
  first: '1x3x3' | '3x1x3',
  input: number,
  output: number,
): ParameterSpec[] => {
  const second = first === '1x3x3' ? '3x1x3' : '1x3x3';
  return [
    ...convNorm(`${prefix}.branchA`, 0, first, input, output),
    ...convNorm(`${prefix}.branchA`, 1, second, output, output),
    ...convNorm(`${prefix}.branchB`, 0, second, input, output),
    ...convNorm(`${prefix}.branchB`, 1, first, output, output),
  ];
};

const up = (prefix: string, input: number, output: number): ParameterSpec[] => [
  ...convNorm(prefix, 'Transform', '3x3x3', input, output),
  conv(`${prefix}.inverse`, '3x3x3', output, output),
  ...convNorm(prefix, 0, '1x3x3', output, output),
  ...convNorm(prefix, 1, '3x1x3', output, output),
  ...convNorm(prefix, 2, '3x3x3', output, output),
];

const pointEncoder = (config: Cylinder3dConfig): ParameterSpec[] => {
  const { pointChannels, pointWidths, voxelInputChannels } = config;
  const last = pointWidths[pointWidths.length - 1];
  return [
    ...norm('point.norm', pointChannels),
    ...pointWidths.flatMap((width, i) => [
      ...linear(`point.linear${i}`, i === 0 ? pointChannels : pointWidths[i - 1], width),
      ...norm(`point.norm${i}`, width),
    ]),
    ...linear(`point.linear${pointWidths.length}`, last, last),
    ...linear('point.compress', last, voxelInputChannels),
  ];
};

/**
 * Every parameter and running statistic, in the order of the forward pass. Names follow the released code's modules:
 * `context` (downCntx), `down2`..`down5` (resBlock2..5), `up0`..`up3` (upBlock0..3), `refine` (ReconNet), `logits`, `point`.
 * Layouts: linear [input, output]; convolution [taps, input, output], taps rho major, z minor.
 */
export function parameterSpecs(config: Cylinder3dConfig): ParameterSpec[] {
  const c = config.width;
  return [
    ...pointEncoder(config),
    ...asymmetric('context', '1x3x3', config.voxelInputChannels, c),
    ...[1, 2, 4, 8].flatMap((m, i) => [
      ...asymmetric(`down${i + 2}`, '3x1x3', m * c, 2 * m * c),
      conv(`down${i + 2}.pool`, '3x3x3', 2 * m * c, 2 * m * c),
    ]),
    ...up('up0', 16 * c, 16 * c),
    ...up('up1', 16 * c, 8 * c),
    ...up('up2', 8 * c, 4 * c),
    ...up('up3', 4 * c, 2 * c),
    ...convNorm('refine', 0, '3x1x1', 2 * c, 2 * c),
    ...convNorm('refine', 1, '1x3x1', 2 * c, 2 * c),
    ...convNorm('refine', 2, '1x1x3', 2 * c, 2 * c),
    conv('logits', '3x3x3', 4 * c, config.numClasses),
    {
      name: 'logits.bias',
      shape: [config.numClasses],
      initial: 'uniform',
      fanIn: 27 * 4 * c,
      trainable: true,
    },
  ];
}
