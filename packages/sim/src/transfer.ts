import type { CameraRecord, FrameRecord } from '@nerfseg/datasets';
import { image } from '@nerfseg/geometry';
import type { SimulatedFrame } from './simulate-scene.js';

type PackedCamera = Omit<CameraRecord, 'image'> & { readonly pixels: Uint8Array };

/** A frame as plain data, which can pass between threads: pictures are views with methods, which cannot. */
export type PackedFrame = Omit<SimulatedFrame, 'record'> & {
  readonly record: Omit<FrameRecord, 'cameras'> & { readonly cameras: readonly PackedCamera[] };
};

/** The frame, and its large buffers, which change hands instead of being copied. */
export const packFrame = (frame: SimulatedFrame): { frame: PackedFrame; transfer: ArrayBuffer[] } => {
  const { cameras, ...record } = frame.record;
  const packed = cameras.map(({ image: picture, ...rest }) => ({ ...rest, pixels: picture.data }));
  const buffers = [
    ...packed.map((camera) => camera.pixels.buffer),
    ...frame.truth.flatMap((truth) => [truth.semantic.buffer, truth.depth.buffer, truth.object.buffer]),
  ];
  return {
    frame: { ...frame, record: { ...record, cameras: packed } },
    transfer: buffers.filter((buffer) => buffer instanceof ArrayBuffer),
  };
};

export const unpackFrame = (packed: PackedFrame): SimulatedFrame => ({
  ...packed,
  record: {
    ...packed.record,
    cameras: packed.record.cameras.map(({ pixels, ...rest }) => ({
      ...rest,
      image: image(rest.width, rest.height, pixels),
    })),
  },
});
