export type { CameraRecord, FrameRecord, SceneRecord } from './record.js';
export type { CameraView, Frame, FrameDataset } from './types.js';
