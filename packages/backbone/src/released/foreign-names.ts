/** Whose parameter names a checkpoint has: the authors' repository, or mmdetection3d. */
export type Naming = 'cylinder3d' | 'mmdetection3d';

type Pair = readonly [own: string, foreign: string];

const within = (own: string, foreign: string, pairs: readonly Pair[]): Pair[] =>
  pairs.map(([o, f]) => [`${own}.${o}`, `${foreign}.${f}`]);

/** xinge008/Cylinder3D: network/cylinder_fea_generator.py and segmentator_3d_asymm_spconv.py. */
function authors(hiddenLayers: number): Pair[] {
  const asymmetric: Pair[] = [
    ['branchA.conv0', 'conv1'],
    ['branchA.norm0', 'bn0'],
    ['branchA.conv1', 'conv1_2'],
    ['branchA.norm1', 'bn0_2'],
    ['branchB.conv0', 'conv2'],
    ['branchB.norm0', 'bn1'],
    ['branchB.conv1', 'conv3'],
    ['branchB.norm1', 'bn2'],
  ];
  const up: Pair[] = [
    ['convTransform', 'trans_dilao'],
    ['normTransform', 'trans_bn'],
    ['inverse', 'up_subm'],
    ...[0, 1, 2].flatMap((i): Pair[] => [
      [`conv${i}`, `conv${i + 1}`],
      [`norm${i}`, `bn${i + 1}`],
    ]),
  ];
  const refine: Pair[] = ['', '_2', '_3'].flatMap((suffix, i): Pair[] => [
    [`conv${i}`, `conv1${suffix}`],
    [`norm${i}`, `bn0${suffix}`],
  ]);
  const segmentator: Pair[] = [
    ...within('context', 'downCntx', asymmetric),
    ...[2, 3, 4, 5].flatMap((n) => within(`down${n}`, `resBlock${n}`, [...asymmetric, ['pool', 'pool']])),
    ...[0, 1, 2, 3].flatMap((n) => within(`up${n}`, `upBlock${n}`, up)),
    ...within('refine', 'ReconNet', refine),
    ['logits', 'logits'],
  ];
  // PPmodel is one sequence: norm, then linear, norm, ReLU for every hidden layer, then a linear layer.
  const points: Pair[] = [
    ['point.norm', 'PPmodel.0'],
    ...Array.from({ length: hiddenLayers }, (_, i): Pair[] => [
      [`point.linear${i}`, `PPmodel.${3 * i + 1}`],
      [`point.norm${i}`, `PPmodel.${3 * i + 2}`],
    ]).flat(),
    [`point.linear${hiddenLayers}`, `PPmodel.${3 * hiddenLayers + 1}`],
    ['point.compress', 'fea_compression.0'],
  ];
  return [
    ...points.map(([own, foreign]): Pair => [own, `cylinder_3d_generator.${foreign}`]),
    ...segmentator.map(([own, foreign]): Pair => [own, `cylinder_3d_spconv_seg.${foreign}`]),
  ];
}

/** open-mmlab/mmdetection3d: SegVFE, Asymm3DSpconv, Cylinder3DHead. Its lists count blocks from the finest level on. */
function mmdetection3d(hiddenLayers: number): Pair[] {
  const asymmetric = ['A', 'B'].flatMap((branch, b): Pair[] =>
    [0, 1].flatMap((i): Pair[] => [
      [`branch${branch}.conv${i}`, `conv${b}_${i}`],
      [`branch${branch}.norm${i}`, `bn${b}_${i}`],
    ]),
  );
  const numbered = [0, 1, 2].flatMap((i): Pair[] => [
    [`conv${i}`, `conv${i + 1}`],
    [`norm${i}`, `bn${i + 1}`],
  ]);
  const up: Pair[] = [
    ['convTransform', 'trans_conv'],
    ['normTransform', 'trans_bn'],
    ['inverse', 'up_subm'],
    ...numbered,
  ];
  const backbone: Pair[] = [
    ...within('context', 'down_context', asymmetric),
    ...[0, 1, 2, 3].flatMap((n) =>
      within(`down${n + 2}`, `down_block_list.${n}`, [...asymmetric, ['pool', 'pool']]),
    ),
    ...[0, 1, 2, 3].flatMap((n) => within(`up${n}`, `up_block_list.${3 - n}`, up)),
    ...within('refine', 'ddcm', numbered),
  ];
  const points: Pair[] = [
    ['point.norm', 'pre_norm'],
    ...Array.from({ length: hiddenLayers }, (_, i): Pair[] => [
      [`point.linear${i}`, `vfe_layers.${i}.0`],
      [`point.norm${i}`, `vfe_layers.${i}.1`],
    ]).flat(),
    [`point.linear${hiddenLayers}`, `vfe_layers.${hiddenLayers}`],
    ['point.compress', 'compression_layers.0'],
  ];
  return [
    ...points.map(([own, foreign]): Pair => [own, `voxel_encoder.${foreign}`]),
    ...backbone.map(([own, foreign]): Pair => [own, `backbone.${foreign}`]),
    ['logits', 'decode_head.conv_seg'],
  ];
}

const suffixes: Readonly<Record<string, string>> = { mean: 'running_mean', variance: 'running_var' };

/** Translates this project's parameter names (`parameterSpecs`) into a checkpoint's, of a point encoder with so many hidden layers. */
export function foreignNames(naming: Naming, hiddenLayers: number): (own: string) => string {
  const modules = new Map(naming === 'cylinder3d' ? authors(hiddenLayers) : mmdetection3d(hiddenLayers));
  return (own) => {
    const dot = own.lastIndexOf('.');
    const module = modules.get(own.slice(0, dot));
    const suffix = own.slice(dot + 1);
    if (module === undefined) throw new Error(`foreignNames: no counterpart of '${own}'`);
    return `${module}.${suffixes[suffix] ?? suffix}`;
  };
}
