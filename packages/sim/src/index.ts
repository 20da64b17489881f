export type { SimulationConfig, SimulationFormat, SimulationOptions } from './config.js';
export { simulationConfig, simulationFormats } from './config.js';
export type { GroundTruth, PictureKey } from './ground-truth.js';
export { readGroundTruth, skyClass } from './ground-truth.js';
export type { SweepKey } from './moving-truth.js';
export { readMovingTruth } from './moving-truth.js';
export type { SemanticName } from './semantics.js';
export { nuScenesClassOf, semanticId, semanticKittiClassOf, semanticNames } from './semantics.js';
export type { PixelTruth } from './sensors/camera.js';
export type { LidarModel, Sweep } from './sensors/lidar.js';
export type { ScannerName } from './sensors/presets.js';
export {
  hdl32e,
  hdl64e,
  kittiCameras,
  nuScenesCameras,
  scannerNames,
  scanners,
  vlp16,
} from './sensors/presets.js';
export type { CameraMount } from './sensors/rig.js';
export type { SimulateDatasetOptions, SimulationProgress, SimulationSummary } from './simulate-dataset.js';
export { simulateDataset } from './simulate-dataset.js';
export type { SimulatedFrame } from './simulate-scene.js';
export { classTableOf, egoFromLidarOf, simulateScene } from './simulate-scene.js';
export type { Bvh, BvhEffort } from './trace/bvh.js';
export { buildBvh } from './trace/bvh.js';
export type { Hit, Ray } from './trace/intersect.js';
export { createHit, createRay, intersectBvh } from './trace/intersect.js';
export type { Mesh, MeshBuilder, Surface } from './trace/mesh.js';
export { createMeshBuilder } from './trace/mesh.js';
export type { Air, Condition } from './world/conditions.js';
export { conditions } from './world/conditions.js';
export type { WorldKind } from './world/street-profile.js';
export { worldKinds } from './world/street-profile.js';
export type { World, WorldConfig } from './world/world.js';
export { createWorld, egoPoseAt } from './world/world.js';
