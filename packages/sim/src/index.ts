export { type SimulationConfig, type SimulationFormat, type SimulationOptions, simulationConfig, simulationFormats } from './config.js';
export { type SemanticName, semanticId, semanticKittiClassOf, semanticNames, nuScenesClassOf } from './semantics.js';
export { classTableOf, egoFromLidarOf, type SimulatedFrame, simulateScene } from './simulate-scene.js';
export { createWorld, egoPoseAt, type World, type WorldConfig } from './world/world.js';
