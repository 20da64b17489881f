import { cellsOf, type VoxelizedScan } from '@nerfseg/geometry';
import { segmentsOf, selectTaps, stridedMap, submanifoldMap } from '@nerfseg/ops';
import { type Cylinder3dConfig, downStrides } from './config.js';
import { joinPlans } from './join-plans.js';
import { tapsWithinCube } from './kernel-shapes.js';
import { mapsOfLevel } from './layer-kernels.js';
import type { PlanLevel, ScanPlan } from './plan.js';

type Triple = readonly [number, number, number];

/** The points that lie in a voxel: their features, and the voxel of each. */
function packPoints(
  scan: VoxelizedScan,
  channels: number,
): { pointFeatures: Float32Array; segmentOf: Int32Array } {
  let kept = 0;
  for (const voxel of scan.voxelOfPoint) if (voxel >= 0) kept++;
  if (kept === scan.voxelOfPoint.length)
    return { pointFeatures: scan.pointFeatures, segmentOf: scan.voxelOfPoint };
  const pointFeatures = new Float32Array(kept * channels);
  const segmentOf = new Int32Array(kept);
  for (let n = 0, row = 0; n < scan.voxelOfPoint.length; n++) {
    if (scan.voxelOfPoint[n] < 0) continue;
    segmentOf[row] = scan.voxelOfPoint[n];
    pointFeatures.set(scan.pointFeatures.subarray(n * channels, (n + 1) * channels), row * channels);
    row++;
  }
  return { pointFeatures, segmentOf };
}

function checkScan(scan: VoxelizedScan, config: Cylinder3dConfig): void {
  const { shape } = scan.grid;
  if (config.gridShape?.some((cells, axis) => cells !== shape[axis]))
    throw new Error(
      `planScans: the scan's grid has ${shape.join(' x ')} cells, the network's ${config.gridShape.join(' x ')}`,
    );
  if (scan.coords.length === 0) throw new Error('planScans: the scan has no voxel');
  if (scan.pointFeatures.length !== scan.voxelOfPoint.length * config.pointChannels)
    throw new Error(
      `planScans: ${scan.pointFeatures.length} point features for ${scan.voxelOfPoint.length} points of ${config.pointChannels}`,
    );
}

function planScan(scan: VoxelizedScan, config: Cylinder3dConfig): ScanPlan {
  checkScan(scan, config);
  const wrapAzimuth = config.wrapAzimuth ?? scan.grid.wrapAzimuth ?? false;
  // The network may want it where the grid does not say so: refused as there where the seam's cells are no neighbours.
  if (wrapAzimuth) cellsOf({ ...scan.grid, wrapAzimuth });
  const levels: PlanLevel[] = [];
  let coords = scan.coords;
  let shape: Triple = scan.grid.shape;
  let stride: Triple = [1, 1, 1];
  for (let level = 0; level <= downStrides.length; level++) {
    const cube = submanifoldMap(coords, [3, 3, 3], { shape, wrapAzimuth });
    const maps = Object.fromEntries(
      mapsOfLevel(config.kernelMaps, level).map((name) => [
        name,
        name === '3x3x3' ? cube : selectTaps(cube, tapsWithinCube(name)),
      ]),
    );
    const scanOffsets = Int32Array.of(0, coords.length / 3);
    const step = downStrides[level];
    if (!step) {
      levels.push({ level, stride, shape, coords, scanOffsets, maps });
      break;
    }
    // A ring of an odd number of cells cannot be halved: there the seam stays, for this one convolution.
    const wrapDown = wrapAzimuth && shape[1] % step[1] === 0;
    const down = stridedMap(coords, [3, 3, 3], step, { shape, padding: [1, 1, 1], wrapAzimuth: wrapDown });
    levels.push({ level, stride, shape, coords, scanOffsets, maps, down: down.map });
    coords = down.coords;
    shape = down.shape;
    stride = [stride[0] * step[0], stride[1] * step[1], stride[2] * step[2]];
  }
  const { pointFeatures, segmentOf } = packPoints(scan, config.pointChannels);
  return {
    scans: 1,
    points: segmentOf.length,
    pointFeatures: [pointFeatures],
    segments: segmentsOf(segmentOf, scan.coords.length / 3),
    levels,
  };
}

/**
 * Coordinates, kernel maps and point segments of every level, for one scan or a batch: scans never see one another, their rows
 * only lie in common tensors. Throws where a scan is empty or its grid is not the configuration's.
 */
export function planScans(scans: readonly VoxelizedScan[], config: Cylinder3dConfig): ScanPlan {
  if (scans.length === 0) throw new Error('planScans: no scans');
  return joinPlans(scans.map((scan) => planScan(scan, config)));
}
