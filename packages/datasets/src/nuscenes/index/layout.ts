import { z } from 'zod';

/** What is read together: key frames (LiDAR and pictures), the sweeps between, the pictures between. */
export const partKinds = ['keyframes', 'lidarSweeps', 'cameraSweeps'] as const;
export type PartKind = (typeof partKinds)[number];

/** Readings of one scene, by channel, then by time. Channel 0 is LIDAR_TOP. */
export interface CapturePart {
  /** [C+1] where each channel's rows begin, and the end of the last. */
  readonly channelStart: readonly number[];
  /** [n] microseconds. */
  readonly timestamps: Float64Array;
  /** [n*7] globalFromEgo: x, y, z and quaternion w, x, y, z. */
  readonly poses: Float64Array;
  /** [n] row among the index's calibrations. */
  readonly calibrations: Uint32Array;
  /** [n] number of the sample, to pair a key frame's readings. */
  readonly samples: Uint32Array;
  /** [n] file name: row of `names`. */
  readonly files: Uint32Array;
  /** [n] pixels. */
  readonly widths: Uint32Array;
  readonly heights: Uint32Array;
  /** [L*4] tokens of the L sweeps and of their samples. */
  readonly tokens: Uint32Array;
  readonly sampleTokens: Uint32Array;
  /** [L] label files: row of `names`, or `noFile`. */
  readonly lidarseg: Uint32Array;
  readonly panoptic: Uint32Array;
  /** File names, with marks for timestamp and token. */
  readonly names: readonly string[];
}

export const noFile = 0xffff_ffff;

const count = z.int().min(0);
const numbers = z.array(z.number());

/** Where a part lies in the file, and what it must be. */
const partEntry = z.object({ offset: count, bytes: count, crc: count, channelStart: z.array(count).min(2) });
export type PartEntry = Readonly<z.infer<typeof partEntry>>;

const sceneEntry = z.object({
  name: z.string(),
  /** What is wrong with the scene, told when it is opened; `source` is the table's file name. */
  fault: z
    .object({ source: z.string(), field: z.string(), found: z.string(), expected: z.string() })
    .optional(),
  parts: z.object({ keyframes: partEntry, lidarSweeps: partEntry, cameraSweeps: partEntry }),
});
export type SceneFault = Readonly<NonNullable<z.infer<typeof sceneEntry>['fault']>>;

const calibrationEntry = z.object({
  token: z.string(),
  channel: count,
  translation: numbers.length(3),
  rotation: numbers.length(4),
  /** [9] or empty. */
  intrinsics: numbers,
});
export type CalibrationEntry = Readonly<z.infer<typeof calibrationEntry>>;

/** What is small of the tables. */
export const indexHeader = z.object({
  /** Of the tables that were read. */
  stamp: z.string(),
  channels: z.array(z.string()).min(1),
  scenes: z.array(sceneEntry),
  calibrations: z.array(calibrationEntry),
  /** category.json, as far as it numbers labels. */
  categories: z.array(z.object({ index: z.int().min(0).max(255), name: z.string() })),
  /** Tokens that are not 32 hexadecimal digits, by what stands for them. */
  aliases: z.record(z.string(), z.string()),
});
export type IndexHeader = Readonly<z.infer<typeof indexHeader>>;

/** A whole index in memory: `parts[scene][kind]` are the encoded parts. */
export interface BuiltIndex {
  readonly header: IndexHeader;
  readonly parts: readonly Readonly<Record<PartKind, Uint8Array>>[];
}
