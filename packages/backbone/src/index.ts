export { assignTensors } from './assign-tensors.js';
export { classesOf } from './classes-of.js';
export {
  type Cylinder3dConfig,
  type Cylinder3dOptions,
  cylinder3dConfig,
  downStrides,
  type KernelMaps,
  levelChannels,
} from './config.js';
export { copyNetwork } from './copy-network.js';
export { countOperations, type Operations } from './count-operations.js';
export { countParameters } from './count-parameters.js';
export { createCylinder3d } from './create-cylinder3d.js';
export { disposeNetwork } from './dispose-network.js';
export {
  disposeFeatures,
  type EncodeOptions,
  encodeScans,
  type FeatureLevel,
  type VoxelFeatures,
} from './encode-scans.js';
export { type Averageable, exponentialAverage } from './exponential-average.js';
export type { BatchStatistics } from './forward-pass.js';
export { hostTensors } from './host-tensors.js';
export { joinPlans } from './join-plans.js';
export type { KernelName } from './kernel-shapes.js';
export { loadInto } from './load-into.js';
export { loadWeights } from './load-weights.js';
export { namedGradients } from './named-gradients.js';
export type { Network } from './network.js';
export { networkTensors } from './network-tensors.js';
export { openNetwork } from './open-network.js';
export { type Initialisation, type ParameterSpec, parameterSpecs } from './parameters.js';
export { parseConfig } from './parse-config.js';
export type { PlanLevel, ScanPlan } from './plan.js';
export { planScans } from './plan-scans.js';
export { type PredictOptions, predictVoxels } from './predict-voxels.js';
export type { Naming } from './released/foreign-names.js';
export { type ImportedNetwork, type ImportOptions, importCylinder3d } from './released/import-cylinder3d.js';
export { loadReleased } from './released/load-released.js';
export { saveImported } from './released/save-imported.js';
export type { WeightLayout } from './released/weight-layouts.js';
export { decodeSafetensors } from './safetensors/decode-safetensors.js';
export { encodeSafetensors } from './safetensors/encode-safetensors.js';
export type {
  HostTensor,
  SafetensorsArray,
  SafetensorsDtype,
  SafetensorsFile,
} from './safetensors/types.js';
export { saveNetwork } from './save-network.js';
export { saveSafetensors } from './save-safetensors.js';
export { saveWeights } from './save-weights.js';
export { segmentScan } from './segment-scan.js';
export { decodeTorch, type TorchTensor } from './torch/decode-torch.js';
export { toFloat32 } from './torch/to-float32.js';
export { discardStatistics, updateStatistics } from './update-statistics.js';
