type Shape = readonly [number, number, number];

/** How large everything is. */
export interface Sizes {
  readonly quick: boolean;
  /** Grids of the sparse convolutions. */
  readonly shapes: readonly Shape[];
  readonly channels: readonly (readonly [number, number])[];
  /** Whole networks: grid and width. */
  readonly networks: readonly { readonly shape: Shape; readonly width: number }[];
  /** Points of the scan that are used: every so manieth. */
  readonly everyPoint: number;
  /** Rows and columns of the dense product. */
  readonly product: number;
  readonly rays: number;
  readonly perRay: number;
  readonly sampledVoxels: number;
  readonly sampledChannels: number;
  /** Channels of the point encoder, where it is not the published network. */
  readonly small?: { readonly pointWidths: readonly number[]; readonly voxelInputChannels: number };
}

/** The shapes of the `ops` suite, and the network and grid of the paper. */
export const fullSizes: Sizes = {
  quick: false,
  shapes: [
    [480, 360, 32],
    [240, 180, 20],
  ],
  channels: [
    [16, 32],
    [32, 32],
    [64, 64],
    [128, 128],
    [256, 256],
  ],
  networks: [
    { shape: [480, 360, 32], width: 32 },
    { shape: [240, 180, 20], width: 16 },
  ],
  everyPoint: 1,
  product: 4096,
  rays: 16384,
  perRay: 64,
  sampledVoxels: 18000,
  sampledChannels: 64,
};

/** The same programs on tiny data: for adapters that are software, where it says that they work and nothing about speed. */
export const quickSizes: Sizes = {
  quick: true,
  shapes: [[48, 36, 8]],
  channels: [
    [16, 32],
    [32, 32],
  ],
  networks: [{ shape: [48, 36, 16], width: 2 }],
  everyPoint: 200,
  product: 64,
  rays: 64,
  perRay: 8,
  sampledVoxels: 200,
  sampledChannels: 16,
  small: { pointWidths: [8, 8], voxelInputChannels: 4 },
};
