export { assignTensors } from './assignTensors.js';
export { classesOf } from './classesOf.js';
export {
  type Cylinder3dConfig,
  type Cylinder3dOptions,
  cylinder3dConfig,
  downStrides,
  type KernelMaps,
  levelChannels,
} from './config.js';
export { copyNetwork } from './copyNetwork.js';
export { countOperations, type Operations } from './countOperations.js';
export { countParameters } from './countParameters.js';
export { createCylinder3d } from './createCylinder3d.js';
export { disposeNetwork } from './disposeNetwork.js';
export {
  disposeFeatures,
  type EncodeOptions,
  encodeScans,
  type FeatureLevel,
  type VoxelFeatures,
} from './encodeScans.js';
export { type Averageable, exponentialAverage } from './exponentialAverage.js';
export type { BatchStatistics } from './forwardPass.js';
export { hostTensors } from './hostTensors.js';
export { joinPlans } from './joinPlans.js';
export type { KernelName } from './kernelShapes.js';
export { loadInto } from './loadInto.js';
export { loadWeights } from './loadWeights.js';
export { namedGradients } from './namedGradients.js';
export type { Network } from './network.js';
export { networkTensors } from './networkTensors.js';
export { openNetwork } from './openNetwork.js';
export { type Initialisation, type ParameterSpec, parameterSpecs } from './parameters.js';
export { parseConfig } from './parseConfig.js';
export type { PlanLevel, ScanPlan } from './plan.js';
export { planScans } from './planScans.js';
export { predictVoxels } from './predictVoxels.js';
export { decodeSafetensors } from './safetensors/decodeSafetensors.js';
export { encodeSafetensors } from './safetensors/encodeSafetensors.js';
export type {
  HostTensor,
  SafetensorsArray,
  SafetensorsDtype,
  SafetensorsFile,
} from './safetensors/types.js';
export { saveNetwork } from './saveNetwork.js';
export { saveWeights } from './saveWeights.js';
export { segmentScan } from './segmentScan.js';
export { discardStatistics, updateStatistics } from './updateStatistics.js';
