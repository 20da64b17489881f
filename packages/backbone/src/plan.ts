import type { KernelMap, Segments } from '@nerfseg/ops';
import type { KernelName } from './kernel-shapes.js';

/** One resolution of the U-Net: its occupied voxels, scan after scan, and the maps its convolutions share. */
export interface PlanLevel {
  /** 0 is the scan's own grid, 4 the bottleneck. */
  readonly level: number;
  /** Level-0 cells per cell along rho, phi, z. Cell index o is centred on level-0 cell index o * stride. */
  readonly stride: readonly [number, number, number];
  /** Cells of the level's grid along rho, phi, z. */
  readonly shape: readonly [number, number, number];
  /** [rows*3] cell indices (rho, phi, z) of all scans' voxels. */
  readonly coords: Int32Array;
  /** [scans+1] rows of scan s are scanOffsets[s] .. scanOffsets[s+1]. */
  readonly scanOffsets: Int32Array;
  /** Submanifold maps by kernel shape: those that the configuration's layers use. */
  readonly maps: Readonly<Partial<Record<KernelName, KernelMap>>>;
  /** From this level (inputs) to the next (outputs): 3x3x3 with the level's down stride. Absent at the bottleneck. */
  readonly down?: KernelMap;
}

/** All that a forward pass needs to know of its scans, as host data: build it once, use it for any network and epoch. */
export interface ScanPlan {
  readonly scans: number;
  /** Points that lie in a voxel. */
  readonly points: number;
  /** Of every scan, [its points*9] the point encoder's input; dropped points left out. */
  readonly pointFeatures: readonly Float32Array[];
  /** Points of each level-0 voxel. */
  readonly segments: Segments;
  /** Five levels, finest first. */
  readonly levels: readonly PlanLevel[];
}
