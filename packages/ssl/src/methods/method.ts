import type { VoxelFeatures } from '@nerfseg/backbone';
import type { CameraView, Frame, PreparedScan } from '@nerfseg/datasets';
import type { CylindricalGrid, DataError, Random, SegmentMasks } from '@nerfseg/geometry';
import type { RadianceField, RenderedRays } from '@nerfseg/render';
import type * as tf from '@tensorflow/tfjs-core';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { FindNeighbours } from '../data/neighbour-frames.js';
import type { Session } from '../train/session.js';
import type { TrainSettings } from '../train/settings.js';
import type { StepBatch, SupervisedRays } from '../train/step-batch.js';
import type { StepScan } from '../train/step-scan.js';
import type { MakeState } from './method-state.js';

/** Where masks come from, of the view's size: usually a cached mask source over the view's image; `frame` is the one that the view is of. */
export type MasksOf = (view: CameraView, frame: Frame) => TaskEither<DataError, SegmentMasks>;

/** What a teacher may know of a step. */
export interface TeachContext {
  readonly session: Session;
  readonly settings: TrainSettings;
  readonly grid: CylindricalGrid;
  /** 0-based. */
  readonly step: number;
  /** Which of the step's batches, from 0. */
  readonly batch: number;
  /** The step's own. */
  readonly random: Random;
  readonly masks?: MasksOf;
  /** The frames without labels, and how to read one as the sensor saw it. */
  readonly unlabelled: readonly number[];
  readonly read: (index: number) => TaskEither<DataError, PreparedScan>;
  /** Other frames of a frame's drive, labelled or not; their labels are not read. */
  readonly neighbours: FindNeighbours;
}

/** Adds to a step's scans what a teacher makes of them, or adds scans. No gradients. */
export type Teach = (
  context: TeachContext,
  scans: readonly StepScan[],
) => TaskEither<DataError, readonly StepScan[]>;

/** A step's tensors, as loss terms see them: computed when they are first asked for. */
export interface StepForward {
  readonly batch: StepBatch;
  readonly settings: TrainSettings;
  /** The student's features and logits. */
  readonly features: VoxelFeatures;
  /** [V, C] the second network's logits; only of methods that have one. */
  readonly peerLogits: () => tf.Tensor2D;
  /** What the batch's rays render to in the student; undefined where there are none. */
  readonly rendered: () => (RenderedRays & RadianceField & { readonly rays: SupervisedRays }) | undefined;
}

/** One summand of a method's loss. */
export interface LossTerm {
  /** In reports and histories. */
  readonly name: string;
  /** Its factor; `ramp` is how far pseudo-labels are trusted by now, 0 to 1. At 0 the term is not computed. */
  readonly weight: (settings: TrainSettings, ramp: number) => number;
  /** Runs inside a gradient computation; undefined where the batch has nothing for it. */
  readonly loss: (forward: StepForward) => tf.Scalar | undefined;
}

/** What a method needs besides labelled frames. */
export interface MethodNeeds {
  readonly unlabelled?: boolean;
  /** Unlabelled frames also as the sensor saw them. */
  readonly plain?: boolean;
  /** Masks of the cameras' pictures. */
  readonly masks?: boolean;
}

/** A way to learn: what it draws, what it remembers, what its teacher does, and what it minimises. */
export interface Method {
  /** In a few words, for help texts. */
  readonly summary: string;
  readonly needs: MethodNeeds;
  readonly state: readonly MakeState[];
  /** In this order, once pseudo-labels are used. */
  readonly teach: readonly Teach[];
  readonly terms: readonly LossTerm[];
  /** Settings that do not fit together: the field, what it is, and what it should be. */
  readonly problem?: (
    settings: TrainSettings,
  ) => { readonly field: string; readonly found: string; readonly expected: string } | undefined;
}
