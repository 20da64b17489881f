import { describe, expect, it } from '@jest/globals';
import { nuscenesLabelSpace, semanticKittiLabelSpace } from '@nerfseg/datasets';
import { nuScenesClassOf, semanticId, semanticKittiClassOf, type semanticNames } from './semantics.js';

const nuScenes = (name: (typeof semanticNames)[number]): string =>
  nuscenesLabelSpace.names[nuScenesClassOf[semanticId[name]]];
const kitti = (name: (typeof semanticNames)[number]): string =>
  semanticKittiLabelSpace.names[semanticKittiClassOf[semanticId[name]]];

describe('semantics', () => {
  it('follows the definitions of nuScenes', () => {
    expect(nuScenes('bicyclist')).toBe('bicycle');
    expect(nuScenes('motorcyclist')).toBe('motorcycle');
    expect(nuScenes('parking')).toBe('driveable_surface');
    expect(nuScenes('other-ground')).toBe('other_flat');
    expect(nuScenes('trunk')).toBe('vegetation');
    expect(nuScenes('fence')).toBe('manmade');
    expect(nuScenes('barrier')).toBe('barrier');
    expect(nuScenes('traffic-cone')).toBe('traffic_cone');
    expect(nuScenes('pedestrian')).toBe('pedestrian');
    expect(nuScenes('construction-vehicle')).toBe('construction_vehicle');
  });

  it('follows the definitions of SemanticKITTI', () => {
    expect(kitti('bicyclist')).toBe('bicyclist');
    expect(kitti('bus')).toBe('other-vehicle');
    expect(kitti('lane-marking')).toBe('road');
    expect(kitti('trunk')).toBe('trunk');
    expect(kitti('traffic-sign')).toBe('traffic-sign');
    expect(kitti('pedestrian')).toBe('person');
    expect(kitti('other-ground')).toBe('other-ground');
    expect(semanticKittiClassOf[semanticId['traffic-cone']]).toBe(0);
  });

  it('reaches every class of both label spaces', () => {
    expect(new Set(nuScenesClassOf).size).toBe(nuscenesLabelSpace.names.length);
    expect(new Set(semanticKittiClassOf).size).toBe(semanticKittiLabelSpace.names.length);
  });
});
